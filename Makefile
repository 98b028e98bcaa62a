# Everything is in dev.py, which needs nothing but Python; this saves typing where make is there.
.PHONY: demo test fast lint format types bench bundle
demo test lint format types bench bundle:
	python3 dev.py $@
fast:
	python3 dev.py test --fast
