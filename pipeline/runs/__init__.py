"""The pipes: each module joins the packages below it into one job."""
