"""Trains one model, a slice of time at a time, and keeps its folder. Knows nothing of threads or Qt."""

import math
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import torch

from gen_studio.core import atomic
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.events import Advanced, Ended, Event, Marked, MarkKind, Reason, Saved
from gen_studio.core.plan import RunPlan
from gen_studio.core.runs import RunFolder
from gen_studio.core.words import count, short_name
from gen_studio.data.dataset import Dataset
from gen_studio.training import checkpoint, device, state_tree
from gen_studio.training.learner import Learner
from gen_studio.training.previews import Previewer
from gen_studio.training.recorder import Recorder, Speedometer
from gen_studio.training.tensorboard import TensorBoard
from gen_studio.training.update import NotFinite

SNAPSHOT_SECONDS = 2.0
SNAPSHOT_SHARE = 0.005
VALIDATION_PICTURES = 1024
VALIDATION_BATCH = 128
STOPPED_SENTENCE = "Stopped at step {step:,}. Resume it at any time; nothing is lost."
FINISHED_SENTENCE = "Finished: {steps}."


class TrainingSession:
    """One run under way. `advance` takes steps and returns what there is to tell; the rest is for between its calls.

    A new run starts at step 0; a folder with checkpoints is resumed from the one named, or the newest. Raises WrongUse
    or UserError; the folder is then as it was. Close it, or use it in a `with` block, so that the run is unlocked.
    """

    def __init__(self, plan: RunPlan, dataset: Dataset, folder: RunFolder, from_step: int | None = None) -> None:
        self.plan = plan
        self.folder = folder
        self.learner = Learner(plan, dataset.train)
        self.ended: Ended | None = None
        self._device = plan.device
        self._held_out = dataset.validation if len(dataset.validation) else dataset.train
        with ExitStack() as stack:
            stack.enter_context(folder.locked())
            atomic.sweep(folder.path)
            atomic.sweep(folder.checkpoints)
            self._resume(from_step)
            self._board = stack.enter_context(TensorBoard(folder.tensorboard, self.learner.step))
            self._previewer = Previewer(self.learner, self._held_out, folder)
            self._open = stack.pop_all()
        self._recorder = Recorder()
        self._speed = Speedometer()
        self._saved_at = time.perf_counter()
        self._saved_step = self.learner.step if folder.checkpoint_steps() else None
        self._remember()

    def __enter__(self) -> "TrainingSession":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the run. What was not saved is lost: save or stop first."""
        self._open.close()

    @property
    def step(self) -> int:
        return self.learner.step

    @property
    def watched(self) -> bool:
        """Whether somebody looks: then pictures come every second instead of a hundred times per run."""
        return self._previewer.watched

    @watched.setter
    def watched(self, value: bool) -> None:
        self._previewer.watched = value

    def advance(self, seconds: float) -> list[Event]:
        """Takes whole steps for about so long. Returns the report and whatever else happened; Ended comes last.

        An exception that is nobody's mistake passes through; call `fail` with it.
        """
        events: list[Event] = []
        if self.ended:
            return events
        deadline = time.perf_counter() + seconds
        try:
            if self.step == 0:
                events += self._previewer.due()
            while self.step < self.plan.steps:
                self._take_step()
                events += self._previewer.due()
                if time.perf_counter() >= deadline:
                    break
            if not self.learner.is_finite():
                raise NotFinite
        except NotFinite:
            return events + self._stop_at_last_good_step()
        except (RuntimeError, MemoryError) as error:
            if not device.is_out_of_memory(error):
                raise
            return events + self._stop_out_of_memory()
        events.append(self._report())
        events += self._keep_safe()
        if self.step >= self.plan.steps:
            events += self.finish()
        return events

    def step_player(self, player: str) -> list[Event]:
        """One step of one player while the others stand still; marked on the curves."""
        self._take_step(only=player)
        mark = self._mark(f"{short_name(player)} stepped", f"One step of the {player} alone.")
        self._remember()
        return [self._report(), mark, *self._previewer.draw(keep=False)]

    def set_rate(self, player: str, rate: float) -> list[Event]:
        """Changes a learning rate from the next step on; marked on the curves. Raises WrongUse."""
        before = self.learner.updates[player].rate if player in self.learner.updates else math.nan
        self.learner.set_rate(player, rate)
        self._remember()
        return [self._mark(f"{short_name(player)} rate {rate:g}", f"The {player}'s learning rate, {before:g} before.")]

    def save(self) -> list[Event]:
        """Writes a checkpoint now. Raises UserError where the disk does not take it; training may go on."""
        score = self._score()
        status = self.folder.status()
        best = status.best_step if status.best_step in self.folder.checkpoint_steps() else None
        is_best = score is not None and (best is None or status.score is None or score < status.score)
        card = checkpoint.make_card(self.learner.model, self.step, score)
        path = checkpoint.write(self.folder, card, self.learner.shown_state(), self.learner.state())
        changes: dict[str, Any] = {"step": self.step, "reason": None, "sentence": ""}
        if is_best:
            changes |= {"score": score, "best_step": self.step}
            best = self.step
        self.folder.write_status(status.model_copy(update=changes))
        checkpoint.prune(self.folder, self.plan.keep_checkpoints, best)
        self._saved_at, self._saved_step = time.perf_counter(), self.step
        return [Saved(self.step, path, score, is_best)]

    def pause(self) -> None:
        """Says that no step will come for a while, so that the speed does not count the pause."""
        self._speed.restart()

    def stop(self) -> list[Event]:
        """Ends the run so that it can be resumed: saves and says so."""
        return self._end(Reason.STOPPED, STOPPED_SENTENCE.format(step=self.step))

    def finish(self) -> list[Event]:
        steps = count(self.step, "step")
        return self._end(Reason.FINISHED, FINISHED_SENTENCE.format(steps=steps))

    def fail(self, sentence: str, details: str) -> list[Event]:
        """Ends the run after an exception; the last checkpoint stands."""
        return self._end(Reason.FAILED, sentence, details, save=False)

    def _take_step(self, only: str | None = None) -> None:
        readings = self.learner.take_step(only)
        norms = {name: update.norm for name, update in self.learner.updates.items()}
        self._recorder.note(self.step, readings, norms)

    def _report(self) -> Advanced:
        steps, values, norms = self._recorder.read(self.learner.players)
        if len(steps):
            self.folder.append_metrics(steps, values)
            self._board.add(steps, values)
        self._speed.note(self.step)
        rate = self._speed.steps_per_second
        return Advanced(
            step=self.step,
            total_steps=self.plan.steps,
            steps=steps,
            values=values,
            gradient_norms=norms,
            rates={name: update.rate for name, update in self.learner.updates.items()},
            images_per_second=rate * self.learner.batch_size,
            seconds_left=(self.plan.steps - self.step) / rate if rate else math.inf,
            memory=device.memory_in_use(self._device),
        )

    def _keep_safe(self) -> Iterator[Event]:
        now = time.perf_counter()
        if now - self._remembered_at > self._remember_every:
            self._remember()
        if now - self._saved_at > self.plan.checkpoint_every and self.step < self.plan.steps:
            yield from self.save()

    def _remember(self) -> None:
        """Keeps the state in memory, to go back to should a loss turn bad; as often as it costs next to nothing."""
        before = time.perf_counter()
        if self.learner.has_finite_weights():
            self._memory = state_tree.clone(self.learner.state())
        self._remembered_at = time.perf_counter()
        self._remember_every = max(SNAPSHOT_SECONDS, (self._remembered_at - before) / SNAPSHOT_SHARE)

    def _stop_at_last_good_step(self) -> list[Event]:
        reached = self.step
        self._go_back(reached)
        self._recorder.drop_after(self.step)
        sentence = (
            f"The loss became NaN or infinite after step {self.step:,}. Training stopped there, at the last good "
            "step, and saved it. Lower the learning rates or clip the gradients, then resume."
        )
        mark = self._mark("Not finite", sentence, MarkKind.ALARM)
        return [self._report(), mark, *self._end(Reason.NOT_FINITE, sentence)]

    def _go_back(self, reached: int) -> None:
        """Restores the remembered state and takes the good steps since then again; training repeats itself exactly."""
        self.learner.restore(self._memory)
        good = state_tree.clone(self.learner.state())
        try:
            while self.step < reached:
                self.learner.replay(self.step + 1)
                good = state_tree.clone(self.learner.state())
        except NotFinite:
            pass
        self.learner.restore(good)

    def _stop_out_of_memory(self) -> list[Event]:
        if self._device.value == "cuda":
            torch.cuda.empty_cache()
        self.learner.restore(self._memory)
        self._recorder.drop_after(self.step)
        size = self.learner.batch_size
        way_out = f"Try batch_size={max(1, size // 2)}" if size > 1 else "Try smaller pictures or a smaller width"
        sentence = (
            f"Memory ran out with {count(size, 'picture')} per step. Training stopped at step {self.step:,} and "
            f"saved it. {way_out} in a new run."
        )
        return [self._report(), *self._end(Reason.OUT_OF_MEMORY, sentence)]

    def _end(self, reason: Reason, sentence: str, details: str = "", save: bool = True) -> list[Event]:
        events: list[Event] = []
        if save:
            events += self._previewer.draw(keep=True)
            if self._saved_step != self.step:
                events += self.save()
        status = self.folder.status().model_copy(update={"reason": reason, "sentence": sentence})
        self.folder.write_status(status)
        self.ended = Ended(self.step, reason, sentence, details)
        return [*events, self.ended]

    def _mark(self, label: str, explanation: str, kind: MarkKind = MarkKind.USER) -> Marked:
        mark = Marked(self.step, kind, label, explanation)
        self.folder.append_mark(mark)
        return mark

    @torch.no_grad()
    def _score(self) -> float | None:
        """The family's own measure on held-out pictures, from the model as it is shown; None if it has none."""
        metric = type(self.learner.model).score
        if metric is None:
            return None
        shown = self.learner.new_shown_model()
        rng = torch.Generator(self.learner.device).manual_seed(self.plan.seed)
        rows = torch.arange(min(len(self._held_out), VALIDATION_PICTURES)).split(VALIDATION_BATCH)
        total = 0.0
        for chunk in rows:
            batch = self.learner.in_layout(self._held_out.batch(chunk, self.learner.device))
            total += float(shown.validate(batch, rng)[metric.key]) * len(chunk)
        return total / sum(len(chunk) for chunk in rows)

    def _resume(self, from_step: int | None) -> None:
        if not self.folder.checkpoint_steps():
            if from_step is not None:
                raise WrongUse(f"{self.folder.path} has no checkpoint to resume from. Leave the step out.")
            self.folder.forget_after(-1)
            return
        step = checkpoint.pick(self.folder, from_step)
        training = checkpoint.read_training(self.folder, step)
        try:
            self.learner.restore(training)
        except (KeyError, RuntimeError, ValueError, TypeError) as error:
            raise UserError(
                f"The checkpoint at step {step:,} of {self.folder.path} does not fit its plan: "
                f"{str(error).splitlines()[0]}. Start a new run, or restore the run's plan.json."
            ) from error
        self.folder.forget_after(step)
        for later in (s for s in self.folder.checkpoint_steps() if s > step):
            checkpoint.remove(self.folder, later)
        self.folder.write_status(self.folder.status().model_copy(update={"reason": None, "sentence": "", "step": step}))
