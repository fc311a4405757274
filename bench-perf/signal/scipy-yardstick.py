"""scipy's part of cleaning a recording, timed on request: one line of stdin, one line of milliseconds.

Started by clean-record.bench.ts. Input: leads.npy of shape (leads, samples) at 500 Hz; the arrays are filtered along
an axis (scipy's fastest way), the filter is designed beforehand.
"""
import sys
import time

import numpy as np
import scipy
from scipy import signal

leads = np.load(sys.argv[1]).astype(np.float64)
leads = np.concatenate([leads * gain for gain in (1, -0.5, 0.8, 1.2)])[:12]
sos = signal.butter(5, 0.5, "highpass", output="sos", fs=250)


def filters():
    resampled = signal.resample_poly(leads, 1, 2, axis=1)
    level = signal.sosfiltfilt(sos, resampled, axis=1)
    return signal.filtfilt(np.ones(5), [5], level, axis=1, method="pad")


print(scipy.__version__, leads.shape[0], leads.shape[1], flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    result = filters()
    elapsed = time.perf_counter() - start
    print(elapsed * 1000, float(result[0, 1000]), flush=True)
