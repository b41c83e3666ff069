from desk.support.problems import missing
