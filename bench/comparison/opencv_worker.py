"""OpenCV's dnn module as a worker."""
import sys

import cv2

from . import worker


def main():
    job = worker.job()
    cv2.setNumThreads(job["threads"])
    inputs = worker.load_inputs(job)
    try:
        net = cv2.dnn.readNetFromCaffe(job["model"], job["weights"])
    except cv2.error:
        sys.exit("its reader does not take this prototxt")
    net.setPreferableBackend(cv2.dnn.DNN_BACKEND_OPENCV)
    layers = [layer for _, layer in job["outputs"]]

    def forward():
        for (name, _, _), array in zip(job["inputs"], inputs):
            net.setInput(array, name)
        return net.forward(layers)

    worker.write_outputs(job, forward())
    if job["task"] != "once":
        worker.serve(forward, cv2.__version__)


if __name__ == "__main__":
    main()
