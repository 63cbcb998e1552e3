"""Which device and number format: nothing is replaced silently, and memory's end is recognised in its words."""

import pytest
import torch

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import Device, Precision
from gen_studio.training import device


def test_a_device_that_is_not_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "available_devices", lambda: (Device.CPU,))
    assert device.choose_device(Device.AUTO) is Device.CPU
    with pytest.raises(WrongUse, match="This machine has no cuda device; it has cpu"):
        device.choose_device(Device.CUDA)


def test_auto_takes_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "available_devices", lambda: (Device.CUDA, Device.CPU))
    assert device.choose_device(Device.AUTO) is Device.CUDA
    assert device.choose_device(Device.CPU) is Device.CPU


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory: you"),
        RuntimeError("[enforce fail] data. DefaultCPUAllocator: not enough memory: you tried to allocate 9 bytes."),
        RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
    ],
)
def test_memorys_end_is_recognised(error: BaseException) -> None:
    assert device.is_out_of_memory(error)


@pytest.mark.parametrize("error", [RuntimeError("shape mismatch"), ValueError("out of memory"), KeyboardInterrupt()])
def test_other_errors_are_not_taken_for_it(error: BaseException) -> None:
    assert not device.is_out_of_memory(error)


def test_a_real_allocation_that_fails_is_recognised() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60, dtype=torch.uint8)
    assert device.is_out_of_memory(caught.value)


@pytest.mark.parametrize(
    ("where", "clock", "other"),
    [(Device.CPU, "process_time", "perf_counter"), (Device.CUDA, "perf_counter", "process_time")],
)
def test_the_gain_is_how_many_times_faster_bf16_is(
    monkeypatch: pytest.MonkeyPatch, where: Device, clock: str, other: str
) -> None:
    now = [0.0]
    costs = {Precision.FLOAT32: 0.3, Precision.BF16: 0.1}

    def step(precision: Precision) -> None:
        now[0] += costs[precision]

    # A neighbour that takes turns on the processor shows on the wall's clock, and not on the process's own.
    monkeypatch.setattr(device.time, other, lambda: now[0] ** 2)
    monkeypatch.setattr(device.time, clock, lambda: now[0])
    assert device.bf16_gain(step, where) == pytest.approx(3)


def test_one_slow_step_does_not_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    now, taken = [0.0], dict.fromkeys((Precision.FLOAT32, Precision.BF16), 0)

    def step(precision: Precision) -> None:
        taken[precision] += 1
        getting_ready = precision is Precision.BF16 and taken[precision] <= 2
        now[0] += 9.0 if getting_ready else 0.1

    monkeypatch.setattr(device.time, "process_time", lambda: now[0])
    assert device.bf16_gain(step, Device.CPU) == pytest.approx(1)


def test_memory_in_use_is_that_of_this_process() -> None:
    assert 10**7 < device.memory_in_use(Device.CPU) < 10**12
