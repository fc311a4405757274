# Twelve leads on a 15 x 15 in figure at 150 dpi as PNG, timed inside Python after the imports.
# Reads float32 samples (leads, samples) from argv[1]; for each line "plain" or "paper" on stdin prints seconds.
import io
import sys
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MultipleLocator

LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
RATE_HZ = 500
signal = np.fromfile(sys.argv[1], dtype="<f4").reshape(12, -1)
seconds = np.arange(signal.shape[1]) / RATE_HZ


def draw(paper):
    figure, axes = plt.subplots(6, 2, figsize=(15, 15))
    for index, lead in enumerate(LEADS):
        axis = axes[index % 6, index // 6]
        axis.plot(seconds, signal[index], color="black", linewidth=1)
        axis.set_title(lead)
        if paper:
            axis.set_xlim(0, 10)
            axis.set_ylim(-2, 2)
            axis.xaxis.set_major_locator(MultipleLocator(0.2))
            axis.yaxis.set_major_locator(MultipleLocator(0.5))
            axis.xaxis.set_minor_locator(MultipleLocator(0.04))
            axis.yaxis.set_minor_locator(MultipleLocator(0.1))
            axis.grid(which="major", color="#eda6a4", linewidth=0.8)
            axis.grid(which="minor", color="#f9d5d3", linewidth=0.4)
            axis.tick_params(which="both", labelbottom=False, labelleft=False, length=0)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=150)
    plt.close(figure)
    return out.getbuffer().nbytes


print("ready", matplotlib.__version__, flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    size = draw(line.strip() == "paper")
    print(time.perf_counter() - start, size, flush=True)
