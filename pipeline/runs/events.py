"""Everything that can happen and is worth a line of the log: a method for each.

The method's name is the event's. What a line looks like is base/log.py's; what each
event means to an owner stands in docs/monitoring.md. No event takes the address of a
reader, or a token.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from pipeline.base.errors import PressroomError
from pipeline.base.faults import Fault, Severity
from pipeline.digest.issue import Issue
from pipeline.runs.report import Report
from pipeline.store.holds import Hold


class Log(Protocol):
    """Whoever takes events, by how grave they are: base/log.py makes one."""

    def info(self, event: str, **fields: Any) -> Any:
        """Take what went as it should."""
        ...

    def warning(self, event: str, **fields: Any) -> Any:
        """Take what the owner should look at some time."""
        ...

    def error(self, event: str, **fields: Any) -> Any:
        """Take what stopped something."""
        ...


class Unheard:
    """Takes every event and tells nobody: for `once`, whose report says it all."""

    def info(self, event: str, **fields: Any) -> None:
        """Take what went as it should."""

    warning = error = info


@dataclass(frozen=True, slots=True)
class Events:
    """What happens, told to a log."""

    log: Log = field(default_factory=Unheard)

    # The process.

    def started(self, process: str, version: str) -> None:
        """Tell that `pressroom run`, or `serve`, begins."""
        self.log.info("started", process=process, version=version)

    def listening(self, at: str, public_url: str) -> None:
        """Tell where pages are served, and by which address readers come, if any."""
        self.log.info("listening", at=at, public_url=public_url)

    def stopping(self, signal: str) -> None:
        """Tell that the process was asked to end, and finishes what it has begun."""
        self.log.info("stopping", signal=signal)

    def stopped(self, seconds: float) -> None:
        """Tell that all is finished, `seconds` after it was asked to."""
        self.log.info("stopped", seconds=round(seconds, 3))

    def reloaded(self) -> None:
        """Tell that a new configuration holds from now on."""
        self.log.info("reloaded")

    def reload_refused(self, error: PressroomError) -> None:
        """Tell that the new configuration is wrong, and the old one goes on."""
        self.log.error("reload_refused", error=error)

    def clock_jumped(self, seconds: float) -> None:
        """Tell that the wall clock was set forward, or back by a negative number."""
        self.log.warning("clock_jumped", seconds=round(seconds, 1))

    def server_said(self, level: str, message: str) -> None:
        """Tell what the server below the pages says of itself."""
        tell = self.log.warning if level == "warning" else self.log.error
        tell("server_said", message=message)

    # Jobs.

    def job_failed(
        self, job: str, error: BaseException, failures: int, retry_seconds: float
    ) -> None:
        """Tell that a job failed, how often now, and when it is tried again.

        An error that we do not raise on purpose is told with its traceback.
        """
        ours = isinstance(error, PressroomError)
        self.log.error(
            "job_failed",
            job=job,
            error=error if ours else repr(error),
            failures=failures,
            retry_seconds=round(retry_seconds, 1),
            **({} if ours else {"exc_info": error}),
        )

    def job_recovered(self, job: str, failures: int) -> None:
        """Tell that a job succeeds again, after how many failures."""
        self.log.info("job_recovered", job=job, failures=failures)

    # A pass, and what it finds.

    def pass_done(self, report: Report, seconds: float) -> None:
        """Tell what a pass did, in numbers."""
        self.log.info(
            "pass_done",
            seconds=round(seconds, 3),
            read=sum(site.opened for site in report.sites),
            written=sum(len(site.written) for site in report.sites),
            archived=len(report.archived),
            issues=len(report.issues),
            batches=sum(len(issue.batches) for issue in report.issues),
            messages=sum(issue.messages for issue in report.issues),
            faults=len(report.faults),
            errors=len(report.errors),
        )

    def fault_found(self, fault: Fault) -> None:
        """Tell a fault of a post that was not there before."""
        tell = self.log.error if fault.severity is Severity.FAULT else self.log.warning
        tell("fault_found", **_fault_fields(fault))

    def fault_mended(self, fault: Fault) -> None:
        """Tell that a fault is not there any more."""
        self.log.info("fault_mended", **_fault_fields(fault))

    def error_found(self, error: PressroomError) -> None:
        """Tell what stopped a site or a newsletter that went on before."""
        self.log.error("error_found", error=error)

    def error_mended(self, error: PressroomError) -> None:
        """Tell that a site or a newsletter goes on again."""
        self.log.info("error_mended", error=error)

    def noted(self, note: str) -> None:
        """Tell a sentence of a run's report."""
        self.log.info("noted", note=note)

    # Mail.

    def issue_opened(self, issue: Issue) -> None:
        """Tell that an issue is due, and which news it is for."""
        posts = issue.upto_number - issue.from_number
        self.log.info("issue_opened", **_issue_fields(issue), news=posts)

    def issue_frozen(self, issue: Issue, batches: int, messages: int) -> None:
        """Tell that it stands who gets what of an issue."""
        fields = _issue_fields(issue)
        self.log.info("issue_frozen", **fields, batches=batches, messages=messages)

    def batch_published(self, issue: Issue, batch: str, messages: int) -> None:
        """Tell that a batch lies in the outbox for a relay to take."""
        fields = _issue_fields(issue)
        self.log.info("batch_published", **fields, batch=batch, messages=messages)

    def batch_recovered(self, batch: str) -> None:
        """Tell that a batch was published that a run cut short had sealed."""
        self.log.warning("batch_recovered", batch=batch)

    def issue_sent(self, issue: Issue) -> None:
        """Tell that every batch of an issue was handed over."""
        self.log.info("issue_sent", **_issue_fields(issue))

    def letters_sent(self, to: str, letters: int) -> None:
        """Tell that letters lie in the outbox, to `readers` or to the `owner`."""
        self.log.info("letters_sent", to=to, letters=letters)

    def hold_placed(self, hold: Hold) -> None:
        """Tell that an issue, a newsletter or everything waits for its owner."""
        until = f"{hold.until:%Y-%m-%dT%H:%M:%SZ}" if hold.until else ""
        fields = _hold_fields(hold)
        self.log.warning("hold_placed", **fields, until=until, what=hold.what)

    def hold_lifted(self, hold: Hold) -> None:
        """Tell that it goes on."""
        self.log.info("hold_lifted", **_hold_fields(hold))

    # Alerts.

    def trouble_began(self, trouble: str, what: str) -> None:
        """Tell what the owner will be written to about if it lasts."""
        self.log.warning("trouble_began", trouble=trouble, what=what)

    def trouble_told(self, trouble: str, since: datetime) -> None:
        """Tell that the owner is written to about a trouble that lasts."""
        told = f"{since:%Y-%m-%dT%H:%M:%SZ}"
        self.log.warning("trouble_told", trouble=trouble, since=told)

    def trouble_over(self, trouble: str, seconds: float) -> None:
        """Tell that a trouble is over, and how long it has lasted."""
        self.log.info("trouble_over", trouble=trouble, seconds=round(seconds))

    # Pages.

    def request(self, **fields: str | int) -> None:
        """Tell a request for a page and how it ended; web/log.py says which fields."""
        self.log.info("request", **fields)


def _issue_fields(issue: Issue) -> dict[str, str | int]:
    return {
        "newsletter": issue.newsletter,
        "cadence": issue.cadence,
        "number": issue.number,
        "issue": issue.id,
    }


def _hold_fields(hold: Hold) -> dict[str, str | int]:
    return {
        "scope": hold.scope,
        "target": hold.target,
        "reason": hold.reason,
        "hold": hold.id,
    }


def _fault_fields(fault: Fault) -> dict[str, str | int | None]:
    return {
        "path": fault.path,
        "line": fault.line,
        "what": fault.what,
        "remedy": fault.remedy,
        "severity": fault.severity,
    }
