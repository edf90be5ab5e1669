"""A Jupyter kernel provisioner whose Python kernels are forked from a process that has imported the libraries already.

Registered as `lakelab-warm` through the entry point `jupyter_client.kernel_provisioners`. Wherever a fork is not to be had (another platform,
a kernel of another Python or language, a process that died) the kernel is started as Jupyter always does.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets.log import get_logger

from lakelab.warm import shared
from lakelab.warm.client import ForkError


class WarmProvisioner(LocalProvisioner):
    """Forks kernels of this Python, starts all others."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch the kernel and return how to connect to it."""
        zygote = shared.zygote_for(cmd)
        if zygote is None:
            return await super().launch_kernel(cmd, **kwargs)
        parent = os.getpid() if zygote.adopted else zygote.process.pid
        environment = {**(kwargs.get("env") or os.environ), "JPY_PARENT_PID": str(parent)}
        null = os.open(os.devnull, os.O_RDONLY)
        try:
            process = zygote.fork(cmd, environment, str(kwargs.get("cwd") or Path.cwd()), [null, 1, 2])
        except ForkError as error:
            get_logger().warning("A kernel starts without haste: %s", error)
            return await super().launch_kernel(cmd, **kwargs)
        finally:
            os.close(null)
        self.process = process  # type: ignore[assignment]  # it has all of Popen that is used
        self.pid = self.pgid = process.pid  # a session of its own is a group of its own
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info
