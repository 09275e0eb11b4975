"""The formulas of a post, in order, as MathML and SVG: numbers, and bounds kept.

    formulas → too long, too many? → interpreter → Layout or Failure
                                         │ a bound is reached
                                         ▼
               another interpreter, told of the formulas so far, goes on

MathJax itself lives in `interpreter`; what its results become, in the modules beside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from pipeline.math.bounds import Bounds
from pipeline.math.interpreter import (
    MATHJAX_VERSION,
    Answer,
    ExhaustedError,
    Interpreter,
    digest_scripts,
)
from pipeline.math.layout import Failure, Layout, Options, Tex

ENGINE_VERSION = f"{MATHJAX_VERSION}-{digest_scripts()}"
"""A part of cache keys: another MathJax, package or driver is another version."""

Result = Layout | Failure

_OPTIONS = Options()
_BOUNDS = Bounds()


class Engine:
    """Typesets the formulas of one post after another.

    One engine a thread: it can be used only in the thread that made it. InputError is
    raised where MathJax's files are not there.
    """

    def __init__(
        self,
        options: Options = _OPTIONS,
        bounds: Bounds = _BOUNDS,
        interpreter: type[Interpreter] = Interpreter,
    ) -> None:
        self._renew = partial(interpreter, options, bounds)
        self._bounds = bounds
        self._interpreter = self._renew()

    def typeset(self, formulas: Sequence[Tex]) -> tuple[Result, ...]:
        """Return a result for each of `formulas`, which are those of one post.

        Numbers, labels and definitions hold from one to the next, and references
        forward as well; none of it reaches the next call. What is wrong with a
        formula, or takes too long, is a Failure of its own and changes no other.
        """
        if self.megabytes > self._bounds.recycled_megabytes:
            self._interpreter = self._renew()
        sheet = _Sheet(formulas, self._bounds, self._interpreter, self._renew)
        results = sheet.typeset()
        self._interpreter = sheet.interpreter
        return results

    @property
    def megabytes(self) -> float:
        """The memory that the engine holds between two posts."""
        return self._interpreter.megabytes


class _Sheet:
    """The formulas of one post, and what has become of them so far."""

    def __init__(
        self,
        formulas: Sequence[Tex],
        bounds: Bounds,
        interpreter: Interpreter,
        renew: Callable[[], Interpreter],
    ) -> None:
        self.interpreter = interpreter
        self._renew = renew
        self._formulas = formulas
        self._bounds = bounds
        self._seconds = 0.0
        self._results: dict[int, Result] = {}
        self._told: list[int] = []

    def typeset(self) -> tuple[Result, ...]:
        """Return the results, in order; those that name later formulas come last."""
        every = range(len(self._formulas))
        self.interpreter.begin()
        for index in every:
            self._settle(index, self._tell)
        for index in every:
            if index not in self._results:
                self._settle(index, self._resolve)
        return tuple(self._results[index] for index in every)

    def _settle(self, index: int, work: Callable[[int], Answer]) -> None:
        refusal = self._refusal(index)
        if refusal is not None:
            self._results[index] = refusal
            return
        try:
            answer = work(index)
        except ExhaustedError as error:
            self._results[index] = Failure(str(error))
            self._start_again(index)
            return
        self._seconds += answer.seconds
        if answer.result is not None:
            self._results[index] = answer.result

    def _refusal(self, index: int) -> Failure | None:
        bounds = self._bounds
        if index >= bounds.post_formulas:
            return Failure(
                f"The post has more than {bounds.post_formulas:,} formulas",
                of_post=True,
            )
        size = len(self._formulas[index].tex)
        if size > bounds.formula_characters:
            return Failure(
                f"It has {size:,} characters; the most is {bounds.formula_characters:,}"
            )
        if self._seconds > bounds.post_seconds:
            return Failure(
                f"The post's formulas before it took more than {bounds.post_seconds} s",
                of_post=True,
                for_now=True,
            )
        return None

    def _tell(self, index: int) -> Answer:
        self._told.append(index)
        return self.interpreter.typeset(index, self._formulas[index])

    def _resolve(self, index: int) -> Answer:
        return self.interpreter.resolve(index)

    def _start_again(self, culprit: int) -> None:
        """Tell another interpreter of every formula so far, without the culprit.

        Costs the time of the formulas, so that a post of culprits comes to its end.
        """
        self._told.remove(culprit)
        self._seconds += self._bounds.formula_seconds
        self.interpreter = self._renew()
        self.interpreter.begin()
        for index in list(self._told):
            if self._seconds > self._bounds.post_seconds:
                return
            try:
                self._seconds += self._tell_again(index).seconds
            except ExhaustedError:
                self._start_again(index)
                return

    def _tell_again(self, index: int) -> Answer:
        """A formula that failed is to fail again; of the others nothing is wanted."""
        failed = isinstance(self._results.get(index), Failure)
        return self.interpreter.typeset(index, self._formulas[index], wanted=failed)
