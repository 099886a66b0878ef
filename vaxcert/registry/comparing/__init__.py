"""Whether two records are of one person, by names, dates, numbers, homes and doses; knows no database but for lists."""
