"""`python -m sampan`."""

from sampan.cli import main

main()
