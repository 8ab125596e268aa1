# For who types make by habit; python3 do.py does the same where there is none.
.PHONY: check test rehearse docs matrix lock
check test rehearse docs matrix lock:
	python3 do.py $@
