-- Freezing asks, for each page of readers, who has left since an issue: without this it
-- looked at everybody who ever left, while it kept the store locked.
CREATE INDEX withdrawals_by_issue ON withdrawals (newsletter, upto_issue, subscriber);
