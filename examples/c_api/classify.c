// Classifies a picture with a net in Caffe's format, in C:
//
//   classify NET.prototxt WEIGHTS.caffemodel PICTURE
//
// The net has one input of 1 (grey) or 3 channels, with pixels from 0 to 1, and gives one score for
// each class.
#include <demitasse.h>
#include <stdint.h>
#include <stdio.h>

static int Fail(void) {
  fprintf(stderr, "%s\n", demitasse_last_error());
  return demitasse_last_status();
}

static int PrintScores(const demitasse_blob* output) {
  const float* const scores = demitasse_blob_data(output);
  if (scores == NULL) return Fail();
  for (int64_t i = 0; i < demitasse_blob_size(output); ++i) {
    printf("%d %.6f\n", (int)i, (double)scores[i]);
  }
  return 0;
}

static int Classify(demitasse_net* net, const char* weights, const char* picture) {
  demitasse_blob* const input = demitasse_net_input(net, 0);
  if (demitasse_net_load_weights(net, weights) != DEMITASSE_OK ||
      demitasse_net_optimize(net) != DEMITASSE_OK ||
      demitasse_blob_load_picture(input, 0, picture, NULL, 0, 1.0f / 255, 0) != DEMITASSE_OK ||
      demitasse_net_forward(net, NULL) != DEMITASSE_OK) {
    return Fail();
  }
  return PrintScores(demitasse_net_output(net, 0));
}

int main(int argc, char** argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: %s NET.prototxt WEIGHTS.caffemodel PICTURE\n", argv[0]);
    return 2;
  }
  demitasse_net* net = NULL;
  if (demitasse_net_create(argv[1], NULL, &net) != DEMITASSE_OK) return Fail();
  const int status = Classify(net, argv[2], argv[3]);
  demitasse_net_free(net);
  return status;
}
