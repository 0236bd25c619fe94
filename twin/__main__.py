"""``python -m twin``: the verbs that need neither Qt nor VTK."""

from twin.cli import end, main

if __name__ == "__main__":
    end(main(program="python -m twin"))
