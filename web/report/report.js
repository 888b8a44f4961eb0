// The report.
