"""Is an answer good enough to be given out? One check a file, combined into one score. Pure: nothing is run, nothing is sent."""
