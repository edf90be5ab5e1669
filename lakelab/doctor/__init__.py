"""Says whether this machine and installation can run the course, and what to do where they can't.

from lakelab import doctor

for result in doctor.run():
    print(result.status, result.name, result.found, result.remedy)
"""

from __future__ import annotations

from collections.abc import Sequence

from lakelab.doctor.checks import CHECKS, Check, Result, Status, fail

__all__ = ["Result", "Status", "run"]


def run(checks: Sequence[Check] = CHECKS) -> list[Result]:
    """Run ``checks`` in order and return a result for each; a check that itself breaks is a failed one.

    Starts no JVM and changes nothing but creating the state folder; takes about two seconds.
    """
    results = []
    for check in checks:
        try:
            results.append(check())
        except Exception as error:  # whatever is wrong with the machine, the other checks still have something to say
            name = check.__name__.replace("_", " ")
            results.append(fail(name, f"the check broke: {error}", "Report this as a bug of LakeLab, with this line."))
    return results
