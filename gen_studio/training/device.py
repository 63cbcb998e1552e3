"""Which device and number format a run uses: decided before its first step, written into its plan, said to the user."""

import time
from collections.abc import Callable

import psutil
import torch

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import Device, Precision

TRIAL_SECONDS = 0.6
LEAST_ROUNDS = 2


def available_devices() -> tuple[Device, ...]:
    """The devices of this machine, the fastest first."""
    found = [Device.CUDA] if torch.cuda.is_available() else []
    if torch.backends.mps.is_available():
        found.append(Device.MPS)
    return (*found, Device.CPU)


def choose_device(wanted: Device) -> Device:
    """The device to use. Raises WrongUse where the wanted one is not there: nothing is replaced silently."""
    available = available_devices()
    if wanted is Device.AUTO:
        return available[0]
    if wanted not in available:
        names = " and ".join(device.value for device in available)
        raise WrongUse(f"This machine has no {wanted.value} device; it has {names}. Choose one, or auto.")
    return wanted


def has_bf16_units(device: Device) -> bool:
    """Whether the hardware multiplies bfloat16 natively; elsewhere bfloat16 is emulated, which is slower."""
    match device:
        case Device.CUDA:
            return bool(torch.cuda.is_bf16_supported(including_emulation=False))
        case Device.CPU:
            if not hasattr(torch.cpu, "get_capabilities"):
                return True  # torch before 2.10 cannot tell; then the measurement that follows decides alone
            capabilities = torch.cpu.get_capabilities()
            return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16") or capabilities.get("bf16"))
        case _:
            return False


def bf16_gain(step: Callable[[Precision], None], device: Device) -> float:
    """How many times faster a step is in bf16 than in float32: the best of each, taken in turn, here and now.

    step: takes one step in the given precision and waits for the device.
    """
    # On the CPU the time that this process computed: another that takes turns with it would decide by chance.
    clock = time.process_time if device is Device.CPU else time.perf_counter
    best = {Precision.FLOAT32: float("inf"), Precision.BF16: float("inf")}
    for precision in best:
        step(precision)
    # By the same clock: beside busy neighbours one round took all of the seconds, and was worth nothing by itself.
    started, rounds = clock(), 0
    while rounds < LEAST_ROUNDS or clock() - started < TRIAL_SECONDS:
        rounds += 1
        for precision in best:
            before = clock()
            step(precision)
            best[precision] = min(best[precision], clock() - before)
    return best[Precision.FLOAT32] / best[Precision.BF16]


def synchronise(device: Device) -> None:
    match device:
        case Device.CUDA:
            torch.cuda.synchronize()
        case Device.MPS:
            torch.mps.synchronize()
        case _:
            pass


def memory_in_use(device: Device) -> int:
    """Bytes held on the accelerator, or by this process on the CPU."""
    match device:
        case Device.CUDA:
            return torch.cuda.memory_reserved()
        case Device.MPS:
            return torch.mps.driver_allocated_memory()
        case _:
            return int(psutil.Process().memory_info().rss)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that memory ran out; the CPU's allocator only says so in words."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    words = ("can't allocate memory", "not enough memory", "out of memory")
    return isinstance(error, RuntimeError) and any(word in str(error).lower() for word in words)
