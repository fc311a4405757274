#!/usr/bin/env python3
"""Reference outputs of scipy for test/fixtures/signal, on synthetic signals made here.

    python3 scripts/goldens/signal.py            # all cases
    python3 scripts/goldens/signal.py clean-*    # some

Each case folder gets input.npy (float32), expected.npy (float64 or float32), expected.json and SOURCE.md.
Needs numpy and scipy; the committed outputs are of scipy 1.10.1 and numpy 1.24.2.
"""
import fnmatch
import json
import sys
from math import gcd
from pathlib import Path

# This file's folder must not be searched: its name would stand for Python's own module `signal`.
sys.path = [folder for folder in sys.path if Path(folder).resolve() != Path(__file__).resolve().parent]

import numpy as np
import scipy
from scipy import interpolate, ndimage, signal

FOLDER = Path(__file__).resolve().parents[2] / "test/fixtures/signal"


def synthetic_ecg(rate, seconds, seed, samples=None):
    """P, QRS and T as Gaussian bumps at jittered beats, plus offset, drift, 50 Hz hum and noise. mV."""
    rng = np.random.RandomState(seed)
    count = samples if samples is not None else int(rate * seconds)
    t = np.arange(count) / rate
    x = 0.35 + 0.2 * np.sin(2 * np.pi * 0.21 * t) + 0.05 * np.sin(2 * np.pi * 50 * t)
    x += 0.02 * rng.randn(count)
    waves = [(-0.16, 0.12, 0.022), (-0.024, -0.11, 0.009), (0, 1.1, 0.011), (0.026, -0.25, 0.01), (0.26, 0.3, 0.045)]
    at = 0.4
    while at < seconds + 0.5:
        scale = 1 + 0.08 * rng.randn()
        for offset, height, width in waves:
            x += scale * height * np.exp(-((t - at - offset) ** 2) / (2 * width**2))
        at += 0.82 + 0.06 * rng.randn()
    return x.astype(np.float32)


def write_case(name, tool, inputs, expected, facts):
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "input.npy", inputs)
    np.save(folder / "expected.npy", expected)
    (folder / "expected.json").write_text(json.dumps(facts, indent=1) + "\n")
    (folder / "SOURCE.md").write_text(
        f"# {name}\n\n"
        f"- `input.npy`: synthetic, made by `scripts/goldens/signal.py` of this repository. Licence: MIT, as the suite.\n"
        f"- `expected.npy`, `expected.json`: {tool}\n"
        f"- Tool: scipy {scipy.__version__}, numpy {np.__version__}.\n"
        f"- Command: `python3 scripts/goldens/signal.py {name}`\n"
    )


def resample_case(name, from_hz, to_hz, samples=None, missing=()):
    x = synthetic_ecg(from_hz, 5, seed=from_hz, samples=samples)
    for start, end in missing:
        x[start:end] = np.nan
    g = gcd(from_hz, to_hz)
    y = signal.resample_poly(x.astype(np.float64), to_hz // g, from_hz // g)
    tool = f"`scipy.signal.resample_poly(x, {to_hz // g}, {from_hz // g})` in float64, defaults."
    write_case(name, tool, x, y, {"kind": "resample", "from_hz": from_hz, "to_hz": to_hz})


def clean(x, rate, mains_hz=50):
    """NeuroKit2's ecg_clean(method="neurokit") in scipy calls: returns its two stages and the sections."""
    sos = signal.butter(5, 0.5, "highpass", output="sos", fs=rate)
    level = signal.sosfiltfilt(sos, x)
    taps = int(rate / mains_hz) if rate >= 100 else 2
    return sos, level, signal.filtfilt(np.ones(taps), [taps], level, method="pad")


def clean_case(name, rate, mains_hz=50, samples=None):
    x = synthetic_ecg(rate, 5, seed=1000 + rate, samples=samples)
    sos, level, averaged = clean(x.astype(np.float64), rate, mains_hz)
    tool = (
        f"row 0 `sosfiltfilt(butter(5, 0.5, 'highpass', output='sos', fs={rate}), x)`, "
        f"row 1 `filtfilt(ones(n), [n], row 0, method='pad')`, n = one period of {mains_hz} Hz mains; the sections."
    )
    facts = {"kind": "clean", "rate_hz": rate, "mains_hz": mains_hz, "sos": sos.tolist()}
    write_case(name, tool, x, np.array([level, averaged]), facts)


def r_peaks(x, rate):
    """NeuroKit2's detector in numpy and scipy.ndimage / scipy.signal calls."""
    smooth = ndimage.uniform_filter1d(np.abs(np.gradient(x)), int(np.rint(0.1 * rate)), mode="nearest")
    steep = smooth > 1.5 * ndimage.uniform_filter1d(smooth, int(np.rint(0.75 * rate)), mode="nearest")
    begins = np.where(~steep[:-1] & steep[1:])[0]
    ends = np.where(steep[:-1] & ~steep[1:])[0]
    ends = ends[ends > begins[0]]
    pairs = list(zip(begins, ends))
    shortest = 0.4 * np.mean([end - begin for begin, end in pairs])
    peaks = [0]
    for begin, end in pairs:
        maxima, properties = signal.find_peaks(x[begin:end], prominence=(None, None))
        if end - begin < shortest or maxima.size == 0:
            continue
        peak = begin + maxima[np.argmax(properties["prominences"])]
        if peak - peaks[-1] > int(np.rint(0.3 * rate)):
            peaks.append(peak)
    return np.array(peaks[1:], dtype=int)


def quality(x, peaks, rate):
    """NeuroKit2's averageQRS quality with scipy.interpolate, variant of March 2026 (see assess-quality.ts)."""
    period = np.ediff1d(peaks, to_begin=0) / rate
    period[0] = period[1:].mean()
    inner = interpolate.PchipInterpolator(peaks, period)(np.clip(np.arange(len(x)), peaks[0], peaks[-1]))
    window = 60 / np.mean(60 / inner)
    start, end = -0.35 * window * rate, 0.65 * window * rate
    margin = int(end - start)
    padded = np.concatenate([np.full(margin, np.nan), x, np.full(margin, np.nan)])
    beats = np.array([padded[int(peak + margin + start) : int(peak + margin + end)] for peak in peaks])
    complete = ~np.isnan(beats).any(axis=1)
    z = (beats[complete] - beats[complete].mean(axis=0)) / beats[complete].std(axis=0, ddof=1)
    distance = np.abs(z.mean(axis=1))
    value = np.zeros(len(peaks))
    value[complete] = 1 - (distance - distance.min()) / (distance.max() - distance.min())
    hold = interpolate.interp1d(peaks, value, kind="previous", bounds_error=False, fill_value=(value[0], value[-1]))
    return hold(np.arange(len(x)))


def pipeline_case(name, from_hz, to_hz):
    x = np.array([synthetic_ecg(from_hz, 10, seed) * gain for seed, gain in ((1, 1), (2, -0.6), (3, 0.4))], np.float32)
    g = gcd(from_hz, to_hz)
    resampled = signal.resample_poly(x.astype(np.float64), to_hz // g, from_hz // g, axis=1)
    cleaned = np.array([clean(lead, to_hz)[2] for lead in resampled])
    peaks = [r_peaks(lead, to_hz) for lead in cleaned]
    graded = np.array([quality(lead, found, to_hz) for lead, found in zip(cleaned, peaks)])
    window = 4 * to_hz
    sums = np.concatenate([[0], np.cumsum(graded.mean(axis=0))])
    means = (sums[window:] - sums[:-window]) / window
    facts = {
        "kind": "pipeline",
        "from_hz": from_hz,
        "to_hz": to_hz,
        "r_peaks": [found.tolist() for found in peaks],
        "window_samples": window,
        "best_window_start": int(np.argmax(means)),
        "best_window_mean": float(means.max()),
    }
    tool = (
        "(3, leads, samples): resampled, cleaned, quality. The steps of NeuroKit2 (development head of March 2026: "
        "ecg_clean, ecg_peaks, ecg_quality) written in scipy calls in that script; NeuroKit2 itself did not run. "
        "On real recordings the same script's steps agree with NeuroKit2's own outputs."
    )
    write_case(name, tool, x, np.array([resampled, cleaned, graded], np.float32), facts)


def knots_case(name):
    rng = np.random.RandomState(5)
    knots = np.cumsum(rng.randint(40, 160, 9)) + 30
    values = np.round(rng.rand(9), 2)
    values[4] = values[3]  # a flat piece
    grid = np.clip(np.arange(knots[-1] + 60), knots[0], knots[-1])
    expected = interpolate.PchipInterpolator(knots, values)(grid)
    tool = "`scipy.interpolate.PchipInterpolator(knots, values)`, held constant outside the knots; input rows: knots, values."
    write_case(name, tool, np.array([knots, values], np.float64), expected, {"kind": "knots"})


CASES = {
    "resample-500-to-250": lambda name: resample_case(name, 500, 250),
    "resample-500-to-250-odd-length": lambda name: resample_case(name, 500, 250, samples=4999),
    "resample-500-to-250-missing": lambda name: resample_case(
        name, 500, 250, samples=700, missing=((0, 3), (200, 201), (401, 450), (690, 700))
    ),
    "resample-1000-to-250": lambda name: resample_case(name, 1000, 250),
    "resample-360-to-250": lambda name: resample_case(name, 360, 250),
    "resample-360-to-250-missing": lambda name: resample_case(name, 360, 250, samples=500, missing=((100, 101), (300, 333))),
    "resample-257-to-250": lambda name: resample_case(name, 257, 250),
    "resample-400-to-250": lambda name: resample_case(name, 400, 250),
    "resample-100-to-250": lambda name: resample_case(name, 100, 250),
    "resample-100-to-250-missing": lambda name: resample_case(name, 100, 250, samples=150, missing=((70, 72),)),
    "resample-128-to-250": lambda name: resample_case(name, 128, 250),
    "clean-80hz": lambda name: clean_case(name, 80),
    "clean-100hz": lambda name: clean_case(name, 100),
    "clean-250hz": lambda name: clean_case(name, 250),
    "clean-250hz-60hz-mains": lambda name: clean_case(name, 250, mains_hz=60),
    "clean-250hz-short": lambda name: clean_case(name, 250, samples=19),
    "clean-257hz": lambda name: clean_case(name, 257),
    "clean-500hz": lambda name: clean_case(name, 500),
    "clean-1000hz": lambda name: clean_case(name, 1000),
    "pipeline-500-to-250": lambda name: pipeline_case(name, 500, 250),
    "pipeline-360-to-250": lambda name: pipeline_case(name, 360, 250),
    "monotone-cubic": knots_case,
}

if __name__ == "__main__":
    wanted = sys.argv[1:] or ["*"]
    for name, make in CASES.items():
        if any(fnmatch.fnmatch(name, pattern) for pattern in wanted):
            make(name)
            print(name, file=sys.stderr)
