"""The notebook client that executes submissions: it goes on after errors, keeps every limit and writes a record."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable
from queue import Empty
from typing import Any

from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager

from lakelab.grading.integrity import Conversation, canary, is_test, names_given, pieces
from lakelab.grading.processes import MemoryWatch, kill_tree
from lakelab.grading.verdict import CellRecord, CellStatus, Outcome, Verdict

MAX_OUTPUT_BYTES = 1024**2
"""Output kept of one cell; what a submission prints beyond is counted and dropped."""

OUTPUT_GRACE = 20.0
"""Seconds that a cell's last output may arrive after the cell has ended."""

INTERRUPT_GRACE = 3.0
"""Seconds that an interrupted cell gets to say its last, and then the kernel to answer again, before it is killed."""

MOST_EVIDENCE = 20
"""Pieces of evidence that are kept of one notebook."""

CHECK_PATIENCE = 10.0
"""Seconds that a kernel may take to answer a question about itself."""


class _NoAnswerError(Exception):
    """The kernel does not answer a question about itself."""


class GradingClient(PapermillNotebookClient):
    """Executes every cell of a notebook under limits, and records what happened to each.

    The record is built from the kernel's replies, not from outputs: what a submission does to the display of errors is of no
    consequence; before and after each test the interpreter is checked and restored (:mod:`lakelab.grading.integrity`). After the run, `outcome` holds verdict, reason and records.
    """

    def __init__(
        self,
        nb_man: NotebookExecutionManager,
        *,
        cell_timeout: float,
        notebook_timeout: float,
        memory_limit: int,
        memory_credit: Callable[[], dict[int, float]] | None = None,
        on_cell: Callable[[int, int], None] | None = None,
        on_record: Callable[[CellRecord], None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            nb_man,
            allow_errors=True,
            interrupt_on_timeout=True,
            error_on_timeout={
                "ename": "CellTimeout",
                "evalue": "The cell did not end within its time limit.",
                "traceback": [],
            },
            # Nothing carries this tag, so no tag of a submission can keep a cell from being run.
            skip_cells_with_tag="",
            raise_on_iopub_timeout=False,
            # Every process that a kernel leaves behind is killed by the worker: there is nothing to wait for.
            shutdown_kernel="immediate",
            timeout_func=lambda cell: self._seconds_for_cell(),
            **kwargs,
        )
        self.cell_timeout, self.notebook_timeout, self.memory_limit = cell_timeout, notebook_timeout, memory_limit
        self.memory_credit = memory_credit
        self.on_cell, self.on_record = on_cell, on_record
        self.began = False
        self.outcome = Outcome(Verdict.GRADED, "")
        self._started = time.monotonic()
        self._timed_out = False
        self._reply: dict[str, Any] = {}
        self._results: list[str] = []
        self._output_bytes = 0
        self._conversation: Conversation | None = None
        self._given: set[str] = set()
        self._cell_began = time.monotonic()
        self._answered: set[str] = set()
        self._answered_twice = False
        self._refusal = "no answer"
        self.on_cell_executed = self._keep_reply

    def _seconds_left(self) -> float:
        return self.notebook_timeout - (time.monotonic() - self._started)

    def _seconds_for_cell(self) -> float:
        return max(0.1, min(self._cell_began + self.cell_timeout - time.monotonic(), self._seconds_left()))

    def _keep_reply(self, cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
        self._reply = execute_reply["content"]

    async def _async_handle_timeout(self, timeout: int, cell: NotebookNode | None = None) -> dict[str, Any] | None:
        self._timed_out = True
        self.iopub_timeout = INTERRUPT_GRACE
        return await super()._async_handle_timeout(timeout, cell)

    def execute(self, **kwargs: Any) -> NotebookNode:
        """Run the notebook in a new kernel; the keyword arguments go to the kernel manager.

        papermill's own version asks the kernel a last question and waits for the answer without limit; a submission can see to it that
        none comes.
        """
        self.reset_execution_trackers()
        with self.setup_kernel(**kwargs):
            self.papermill_execute_cells()
            self.set_widgets_metadata()
        return self.nb

    def papermill_execute_cells(self) -> None:
        """Run all code cells; stop early only when the kernel is lost or the time of the notebook is used up."""
        self._started, self.began = time.monotonic(), True
        watch = MemoryWatch(self.memory_limit, self.memory_credit)
        watch.start()
        code = [(index, cell) for index, cell in enumerate(self.nb.cells) if cell.cell_type == "code"]
        self.outcome.cells = [
            CellRecord(index, cell.metadata.get("nbgrader", {}).get("grade_id", "")) for index, cell in code
        ]
        self._begin_checks([cell.source for _, cell in code if is_test(cell)])
        self._given = names_given(cell.source for _, cell in code if cell.metadata.get("nbgrader", {}).get("locked"))
        try:
            for done, ((index, cell), record) in enumerate(zip(code, self.outcome.cells, strict=True)):
                if self.on_cell:
                    self.on_cell(done, len(code))
                run = self._run_test if self._conversation and is_test(cell) else self._run_cell
                goes_on = run(cell, index, record, watch)
                if self.on_record:
                    self.on_record(record)
                if not goes_on:
                    break
        finally:
            watch.stop()
            self.outcome.seconds = time.monotonic() - self._started
            self.outcome.peak_bytes = watch.peak
        if self.outcome.verdict is Verdict.GRADED:
            self._judge()

    def _begin_checks(self, tests: list[str]) -> None:
        """Have the kernel remember how it is; one that can't, such as one of another language, is not asked again."""
        if not tests:
            return
        self._count_replies()
        conversation = Conversation(tests)
        with contextlib.suppress(_NoAnswerError):
            value = self._evaluate(conversation.begin())
            if value is not None and conversation.begun(value):
                self._conversation = conversation
        if self._conversation is None and self.nb.metadata.get("kernelspec", {}).get("language", "python") == "python":
            # Nothing of the submission has run yet, so it is the grader's own failure, and no reason to take points.
            self.outcome.notes.append(f"The interpreter was not checked around the tests ({self._refusal})")

    def _count_replies(self) -> None:
        """Notice it when the kernel answers a request twice: whoever reads the replies takes the first and passes over others."""
        channel = self.kc.shell_channel
        receive = channel.get_msg

        async def get_msg(*args: Any, **kwargs: Any) -> dict[str, Any]:
            reply: dict[str, Any] = await receive(*args, **kwargs)
            request = reply["parent_header"].get("msg_id")
            self._answered_twice |= request in self._answered
            self._answered.add(request)
            return reply

        channel.get_msg = get_msg

    def _run_test(self, cell: NotebookNode, index: int, record: CellRecord, watch: MemoryWatch) -> bool:
        """Run a test with checks around it, and take its success back where it can't be believed."""
        assert self._conversation is not None
        try:
            doubts = self._check(self._conversation, "before", cell.source)
            doubts += self._try_canary()
        except _NoAnswerError:
            return self._give_up(record)
        if not self._run_cell(cell, index, record, watch):
            return False
        if record.status is CellStatus.TIMED_OUT:
            return True
        try:
            # What is found afterwards was done while the test ran, so nothing of its result holds.
            doubts += self._check(self._conversation, "after", cell.source, fatal=True)
        except _NoAnswerError:
            doubts.append("the interpreter did not answer after it")
        if self._answered_twice:
            self._answered_twice = False
            doubts.append("the kernel answered more than once")
            self._accuse([doubts[-1]], record)
        if doubts and record.status is CellStatus.OK:
            record.status, record.partial = CellStatus.ERROR, None
            record.ename, record.evalue = (
                "TestNotBelieved",
                f"The test's result can't be believed: {'; '.join(doubts)}.",
            )
            _show_error(cell, record)
        return True

    def _check(self, conversation: Conversation, when: str, source: str, *, fatal: bool = False) -> list[str]:
        """Ask the kernel about itself; return why a test's success could not be believed."""
        value = self._evaluate(conversation.ask(when, source))
        found = conversation.found(value) if value is not None else None
        if found is None:
            return [f"the interpreter gave no true answer {when} it"]
        self._accuse([item.lstrip("!") for item in found])
        return [item.lstrip("!") for item in found if fatal or item.startswith("!")]

    def _try_canary(self) -> list[str]:
        """Run an assertion that fails; return why a test's failure might not be seen."""
        source, said = canary()
        reply = self._reply_to(self.kc.execute(source, store_history=False, allow_stdin=False, stop_on_error=False))
        self._reply_to(self.kc.kernel_info())  # by then every earlier answer is there, also a second one
        if (reply.get("status"), reply.get("ename"), reply.get("evalue")) == ("error", "AssertionError", said):
            return []
        self._accuse(["a failing assertion did not fail"])
        return ["a failing assertion did not fail"]

    def _give_up(self, record: CellRecord) -> bool:
        """End a notebook whose kernel is too busy with something else to be asked; return that it can't go on."""
        record.status, record.ename, record.evalue = CellStatus.TIMED_OUT, "NoAnswer", "The cell could not begin."
        self._end(
            Verdict.TIMED_OUT,
            f"{_where(record)} could not begin, because what an earlier cell left behind kept the Python process busy; nothing after it was run.",
        )
        kill_tree(self.km.provisioner.pid)
        return False

    def _accuse(self, evidence: list[str], record: CellRecord | None = None) -> None:
        for item in evidence:
            told = f"{item} in {_where(record)}" if record else item
            if told not in self.outcome.tampering and len(self.outcome.tampering) < MOST_EVIDENCE:
                self.outcome.tampering.append(told)

    def _evaluate(self, expression: str) -> str | None:
        """Return how the kernel shows the value of an expression; None where it does not. Raises _NoAnswerError."""
        request = self.kc.execute(
            "", silent=True, store_history=False, user_expressions={"value": expression}, allow_stdin=False
        )
        reply = self._reply_to(request)
        value = (reply.get("user_expressions") or {}).get("value") or {}
        self._refusal = f"{value.get('ename', 'no answer')}: {value.get('evalue', '')}"[:200]
        text = (value.get("data") or {}).get("text/plain")
        return text if isinstance(text, str) else None

    def _reply_to(self, request: str) -> dict[str, Any]:
        """Return the content of the reply to a request of our own; raises _NoAnswerError where there is none in time."""
        from jupyter_core.utils import run_sync

        deadline = time.monotonic() + max(0.1, min(CHECK_PATIENCE, self._seconds_left()))
        while (left := deadline - time.monotonic()) > 0:
            try:
                reply = self._blocking_shell_message(min(left, 1.0))
            except Empty:
                if not run_sync(self.km.is_alive)():
                    break
                continue
            if reply["parent_header"].get("msg_id") == request:
                return dict(reply["content"])
        raise _NoAnswerError

    def _run_cell(self, cell: NotebookNode, index: int, record: CellRecord, watch: MemoryWatch) -> bool:
        """Run one cell and fill in its record; return whether the notebook can go on."""
        if self._seconds_left() <= 0:
            self._end(
                Verdict.TIMED_OUT,
                f"The notebook used up its {self.notebook_timeout:g} s before {_where(record)} began.",
            )
            return False
        self._timed_out, self._reply, self._results, self._output_bytes = False, {}, [], 0
        self.iopub_timeout = OUTPUT_GRACE
        began = self._cell_began = time.monotonic()
        self.nb_man.cell_start(cell, index)
        try:
            self._execute(cell, index)
        except DeadKernelError:
            record.status = CellStatus.ERROR
            record.ename, record.evalue = "KernelDied", "The Python process ended while this cell ran."
        except CellTimeoutError:
            self._timed_out = True
        finally:
            record.seconds = time.monotonic() - began
            self.nb_man.cell_complete(cell, cell_index=index)
        record.wrote_stderr = any(o.output_type == "stream" and o.name == "stderr" for o in cell.outputs)
        if record.ename == "KernelDied" or watch.exceeded:
            record.status = CellStatus.ERROR
            if watch.exceeded:
                record.ename, record.evalue = "OutOfMemory", "The cell took more memory than a submission may."
                self._end(
                    Verdict.OUT_OF_MEMORY,
                    f"{_where(record)} went beyond {self.memory_limit / 1024**3:.3g} GiB of memory; nothing after it was run.",
                )
            else:
                self._end(
                    Verdict.KERNEL_DIED, f"The Python process ended in {_where(record)}; nothing after it was run."
                )
            _show_error(cell, record)
            return False
        if self._timed_out:
            record.status, record.ename, record.evalue = (
                CellStatus.TIMED_OUT,
                "CellTimeout",
                f"Stopped after {record.seconds:.0f} s.",
            )
            _show_error(cell, record)
            if not self._usable():
                kill_tree(self.km.provisioner.pid)
                self._end(
                    Verdict.TIMED_OUT,
                    f"{_where(record)} did not end within {record.seconds:.0f} s and could not be interrupted; nothing after it was run.",
                )
                return False
            return True
        if self._reply.get("status") != "ok" and cell.source.strip():
            record.status = CellStatus.ERROR
            record.ename, record.evalue = (
                str(self._reply.get("ename", "Error")),
                str(self._reply.get("evalue", ""))[:2000],
            )
            _show_error(cell, record, self._reply.get("traceback"))
        else:
            record.status = CellStatus.OK
            record.partial = _number(self._results)
        if any(part["source"] == "ask_exit" for part in self._reply.get("payload", [])):
            # The kernel is about to go; whether it would still take the next cell is a matter of luck.
            self._end(Verdict.KERNEL_DIED, f"{_where(record)} ended the Python process; nothing after it was run.")
            return False
        return True

    def _execute(self, cell: NotebookNode, index: int) -> None:
        """Execute a cell; a test piece by piece, up to the first that fails."""
        parts = pieces(cell.source, self._given) if self._conversation and is_test(cell) else [cell.source]
        whole, outputs = cell.source, list[NotebookNode]()
        try:
            for number, part in enumerate(parts, start=1):
                cell.source, cell.outputs, self._results = part, [], []
                self.execute_cell(cell, index)
                if self._timed_out or self._reply.get("status") != "ok":
                    break
                if number < len(parts):  # the result of a cell is that of its last statement
                    outputs += [output for output in cell.outputs if output.output_type != "execute_result"]
                    cell.outputs = []
        finally:
            cell.source, cell.outputs = whole, outputs + cell.outputs

    def _usable(self) -> bool:
        """Tell whether the kernel answers again after an interrupt."""
        deadline = time.monotonic() + INTERRUPT_GRACE
        request = self.kc.kernel_info()
        while (left := deadline - time.monotonic()) > 0:
            try:
                reply = self._blocking_shell_message(left)
            except Empty:
                return False
            if reply["parent_header"].get("msg_id") == request:
                return True
        return False

    def _blocking_shell_message(self, timeout: float) -> dict[str, Any]:
        from jupyter_core.utils import run_sync

        return run_sync(self.kc.shell_channel.get_msg)(timeout=timeout)

    def _end(self, verdict: Verdict, reason: str) -> None:
        self.outcome.verdict, self.outcome.reason = verdict, reason[0].upper() + reason[1:]

    def _judge(self) -> None:
        """Set the verdict of a notebook that was run to its end."""
        late = [record for record in self.outcome.cells if record.status is CellStatus.TIMED_OUT]
        tests = {
            cell.metadata.nbgrader.grade_id for cell in self.nb.cells if cell.metadata.get("nbgrader", {}).get("grade")
        }
        raised = [r for r in self.outcome.cells if r.status is CellStatus.ERROR and r.grade_id not in tests]
        if late:
            self._end(
                Verdict.TIMED_OUT,
                f"{_where(late[0])} did not end within {late[0].seconds:.0f} s and was stopped; the rest was run.",
            )
        elif raised:
            others = f" and {len(raised) - 1} more" if len(raised) > 1 else ""
            self._end(Verdict.GRADED_WITH_ERRORS, f"{_where(raised[0])} raised {raised[0].ename}{others}.")
        else:
            self._end(Verdict.GRADED, "Every cell was run.")

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Take one message of the kernel into the cell's outputs, up to a bound."""
        try:
            return self._take(msg, cell, cell_index)
        except CellExecutionComplete:
            raise
        except Exception as error:  # a submission can send messages of any form
            self.log.debug("Dropped a message that can't be understood: %r", error)
            return None

    def _take(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        kind, content = msg["msg_type"], msg["content"]
        if kind == "execute_result":
            self._results.append(str(content.get("data", {}).get("text/plain", "")))
        if kind in _COUNTED or kind.startswith("comm"):
            text = content.get("text", "") if kind == "stream" else ""
            size = len(text) if kind == "stream" else _size(content.get("data")) + sum(map(len, msg.get("buffers", [])))
            before, self._output_bytes = self._output_bytes, self._output_bytes + size
            if self._output_bytes > MAX_OUTPUT_BYTES:
                if before <= MAX_OUTPUT_BYTES:
                    note = (
                        f"[The grader keeps {MAX_OUTPUT_BYTES // 1024} KiB of a cell's output; the rest was dropped.]"
                    )
                    kept = f"{text[: MAX_OUTPUT_BYTES - before]}\n{note}\n"
                    cell.outputs.append(NotebookNode(output_type="stream", name="stdout", text=kept))
                return None
        if kind == "error":
            # The record tells of errors; outputs only show the one that the reply reports.
            return None
        return super().process_message(msg, cell, cell_index)


_COUNTED = ("stream", "display_data", "execute_result", "error", "update_display_data")


def _size(data: Any) -> int:
    """Return about how many characters the values of a message take, nested ones included."""
    if isinstance(data, dict):
        return sum(map(_size, data.values()))
    if isinstance(data, list):
        return sum(map(_size, data))
    return len(data) if isinstance(data, str) else 8


def _where(record: CellRecord) -> str:
    return f"cell {record.grade_id}" if record.grade_id else f"the cell at position {record.position + 1}"


_NUMPY = re.compile(r"^np\.(?:float|int|uint)\d+\((.*)\)$")
"""How numpy shows a number: a test that ends in a mean means the number."""


def _number(results: list[str]) -> float | None:
    """Return the number that a cell evaluated to, if any; of several, which no test as it was written gives, the smallest."""
    numbers = []
    for result in results:
        with contextlib.suppress(ValueError):
            numbers.append(float(_NUMPY.sub(r"\1", result)))
    return min(numbers, default=None)


def _show_error(cell: NotebookNode, record: CellRecord, traceback: list[str] | None = None) -> None:
    """Put the error that counts into the outputs, for people who read the autograded notebook."""
    lines = [str(line) for line in traceback] if traceback else [f"{record.ename}: {record.evalue}"]
    cell.outputs.append(NotebookNode(output_type="error", ename=record.ename, evalue=record.evalue, traceback=lines))
