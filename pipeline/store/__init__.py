"""What must outlive a run, in SQL: each query takes its transaction."""
