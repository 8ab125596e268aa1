# For who types make by habit; python3 do.py does the same where there is none.
.PHONY: check test rehearse docs pictures quality matrix audit lock
check test rehearse docs pictures quality matrix audit lock:
	python3 do.py $@
