"""The reports: the query pack's questions and answers for pages of the site."""
