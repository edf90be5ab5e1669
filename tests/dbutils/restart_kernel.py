"""Run as a program: restart a kernel with dbutils, under the restarter that Jupyter's server uses, and print what is left of its variables."""

from __future__ import annotations

import asyncio
import os
import subprocess

from jupyter_client.ioloop import AsyncIOLoopKernelManager


async def restart() -> str:
    """Return what the restarted kernel says of a variable that was there before."""
    manager = AsyncIOLoopKernelManager(kernel_name="python3")
    await manager.start_kernel(
        env={**os.environ, "JPY_SESSION_NAME": "lesson.ipynb"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        before = manager.provisioner.pid
        client.execute("variable = 1\nfrom lakelab.dbutils import DBUtils\nDBUtils().library.restartPython()")
        while manager.provisioner.pid in (before, None):
            await asyncio.sleep(0.2)
        await client.wait_for_ready(timeout=60)
        said: list[str] = []
        await client.execute_interactive(
            "print('variable' in globals())",
            timeout=60,
            output_hook=lambda message: said.append(message["content"].get("text", "")),
        )
        return "".join(said).strip()
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    print(asyncio.run(asyncio.wait_for(restart(), 120)))
