# Everything runs in .venv, which each verb makes from the locked versions where it is missing or stale.
PYTHON ?= python3
BIN := .venv/bin
OUT := out
# for each test process: the threads of several would wait for each other
ONE_THREAD := OPENBLAS_NUM_THREADS=1

.PHONY: demo test test-slow check mutants bench validation readme docs docs-links geodata web browser lowest clean

demo: .venv/ready
	$(BIN)/northabout run scenarios/01-nsr-summer.yaml --out $(OUT)
	$(BIN)/northabout map $(OUT)/comparison.json --projection world --out $(OUT)/routes-world.png
	$(BIN)/northabout map $(OUT)/comparison.json --projection polar --out $(OUT)/routes-polar.png
	@echo
	$(BIN)/northabout run scenarios/08-yong-sheng-2013.yaml --out $(OUT)/ice
	$(BIN)/northabout map scenarios/08-yong-sheng-2013.yaml --projection polar --out $(OUT)/ice/map.png
	$(BIN)/northabout ice --month 9 --year 2030 --out $(OUT)/ice/september-2030.png
	@echo
	$(BIN)/northabout explore --out $(OUT)/explore.html
	@echo
	$(BIN)/northabout claims days_saved_10
	@echo
	$(BIN)/northabout claims distance_5000_nm

test: .venv/ready
	$(ONE_THREAD) $(BIN)/python -m pytest -n auto

test-slow: .venv/ready
	$(ONE_THREAD) $(BIN)/python -m pytest -n auto -m slow

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(ONE_THREAD) $(BIN)/python -m pytest -n auto

mutants: .venv/ready  # changes 60 lines one at a time and runs the tests on each: two hours
	$(BIN)/python benchmarks/mutants.py

bench: .venv/ready
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements/lock.txt -e ".[bench]"
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/ice_speed.py

validation: .venv/ready  # ICE_DATA=FOLDER: where the satellite files lie, if at hand
	$(BIN)/python benchmarks/validation.py --write docs/validation.md
	$(BIN)/python benchmarks/validation.py --ice $(if $(ICE_DATA),--data $(ICE_DATA)) --write docs/validation-ice.md

readme: .venv/ready
	$(BIN)/northabout map scenarios/01-nsr-summer.yaml --projection world --out docs/images/routes-world.png
	$(BIN)/northabout map scenarios/08-yong-sheng-2013.yaml --projection polar --out docs/images/ice-2013-polar.png
	$(BIN)/northabout calendar scenarios/08-yong-sheng-2013.yaml --out $(OUT)/calendar > /dev/null
	cp $(OUT)/calendar/calendar.png docs/images/calendar-2013.png
	$(BIN)/python benchmarks/live_map_picture.py
	$(BIN)/python benchmarks/readme.py

docs: .venv/ready  # build/docs/html/index.html; warnings and links that lead nowhere are faults
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements/lock.txt -e ".[docs]"
	$(BIN)/python docs/northabout_docs

docs-links: .venv/ready  # asks every address outside; needs a network
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements/lock.txt -e ".[docs]"
	$(BIN)/python docs/northabout_docs --links

geodata: .venv/ready
	$(BIN)/python -m geodata.build
	$(BIN)/python -m geodata.build.depth

web:  # the program of the live map, from its sources and npm's packages
	cd sim/web/js && npm ci && npm run build && npm test

browser: .venv/ready  # tests of the live map in Chromium; CHROMIUM=PATH where it is not found
	@$(BIN)/pip install --quiet --disable-pip-version-check -c requirements/lock.txt -e ".[browser]" || echo "playwright cannot be installed"
	@[ -n "$$CHROMIUM" ] || command -v chromium || command -v chromium-browser || command -v google-chrome \
		|| timeout 300 sh -c 'apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium > /dev/null' \
		|| echo "NO BROWSER: none is here and none could be installed within 5 minutes; the tests in it are SKIPPED"
	$(ONE_THREAD) $(BIN)/python -m pytest -s -rs -m browser tests/web || [ $$? -eq 5 ]  # 5: all of them skipped

lowest:
	rm -rf .venv-lowest
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/pip install --quiet --disable-pip-version-check -c requirements/lowest.txt -e ".[dev]"
	$(ONE_THREAD) .venv-lowest/bin/python -m pytest -n auto -W default  # old versions warn of each other

.venv/ready: pyproject.toml requirements/lock.txt
	@$(PYTHON) -c 'import sys; sys.exit("northabout needs Python 3.11 or newer, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@echo "setting up .venv (once, some minutes) ..."
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements/lock.txt -e ".[dev]"
	$(BIN)/python -m compileall -q sim geodata northabout.py
	@touch $@

clean:
	rm -rf .venv .venv-lowest $(OUT)
