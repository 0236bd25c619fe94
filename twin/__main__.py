"""``python -m twin``: the verbs that need neither Qt nor VTK."""

import sys

from twin.cli import main

if __name__ == "__main__":
    sys.exit(main(program="python -m twin"))
