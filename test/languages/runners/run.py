"""Runs the Pulumi program of a directory on the real engine without a language host: as an inline program of the Automation API.

    run.py PROGRAM_DIRECTORY up|preview

The working directory holds Pulumi.yaml and the stack `dev`; the program runs as `pulumi up` would run it. What the engine
prints goes to stdout; the exit status is 1 when the engine refused.
"""

import runpy
import sys

from pulumi import automation

directory, command = sys.argv[1:]


def program() -> None:
    runpy.run_path(f"{directory}/__main__.py", run_name="__main__")


stack = automation.select_stack(
    stack_name="dev",
    project_name="exchange",
    program=program,
    opts=automation.LocalWorkspaceOptions(work_dir="."),
)
try:
    run = stack.up if command == "up" else stack.preview
    run(on_output=print, color="never")
except automation.errors.CommandError:
    sys.exit(1)  # what the engine said has been printed
