// demitasse.h as a program in C99 uses it.
#include "tests/c_api/c_program.h"

#include <stddef.h>
#include <string.h>

#include "demitasse.h"

// The numbers are part of the interface: compiled programs hold them.
typedef char assert_ok[DEMITASSE_OK == 0 ? 1 : -1];
typedef char assert_input[DEMITASSE_ERROR_INPUT == 1 ? 1 : -1];
typedef char assert_run[DEMITASSE_ERROR_RUN == 2 ? 1 : -1];
typedef char assert_argument[DEMITASSE_ERROR_ARGUMENT == 3 ? 1 : -1];
typedef char assert_info[DEMITASSE_LOG_INFO == 0 ? 1 : -1];
typedef char assert_warning[DEMITASSE_LOG_WARNING == 1 ? 1 : -1];
typedef char assert_size[sizeof(demitasse_blob_size(NULL)) == 8 ? 1 : -1];

#define EXPECT(condition) \
  if (!(condition)) return __LINE__

// y = W x + b with W = (1, 2), b = 3, whose loss is (y - target)^2 / 2.
static const char kNet[] =
    "name: 'line'\n"
    "layer { name: 'x' type: 'Input' top: 'x' top: 'target'\n"
    "  input_param { shape { dim: 1 dim: 2 } shape { dim: 1 dim: 1 } } }\n"
    "layer { name: 'fc' type: 'InnerProduct' bottom: 'x' top: 'y'\n"
    "  inner_product_param { num_output: 1 } }\n"
    "layer { name: 'loss' type: 'EuclideanLoss' bottom: 'y' bottom: 'target' top: 'loss' }\n";

static int Build(demitasse_net** net) {
  demitasse_options* options = demitasse_options_create();
  EXPECT(options != NULL);
  EXPECT(demitasse_options_set(options, "engine", "reference") == DEMITASSE_OK);
  EXPECT(demitasse_options_set(options, "threads", "1") == DEMITASSE_OK);
  EXPECT(demitasse_options_set(options, "force_backward", "true") == DEMITASSE_OK);
  EXPECT(demitasse_net_create_from_text(kNet, "line", options, net) == DEMITASSE_OK);
  demitasse_options_free(options);
  return 0;
}

static int Fill(demitasse_net* net) {
  const float weights[] = {1, 2};
  const float bias = 3;
  const float x[] = {10, 100};
  const float target = 214;
  EXPECT(demitasse_net_layer_count(net) == 3);
  EXPECT(demitasse_net_layer_param_count(net, 1) == 2);
  EXPECT(demitasse_blob_set_data(demitasse_net_layer_param(net, 1, 0), weights, 2) == 0);
  EXPECT(demitasse_blob_set_data(demitasse_net_layer_param(net, 1, 1), &bias, 1) == 0);
  EXPECT(demitasse_net_input_count(net) == 2);
  EXPECT(demitasse_blob_set_data(demitasse_net_input(net, 0), x, 2) == 0);
  *demitasse_blob_mutable_data(demitasse_net_input(net, 1)) = target;
  return 0;
}

static int Run(demitasse_net* net) {
  float loss = 0;
  float gradient[2] = {0, 0};
  const demitasse_blob* weights = demitasse_net_learnable_param(net, 0);
  EXPECT(demitasse_net_forward(net, &loss) == DEMITASSE_OK);
  EXPECT(demitasse_blob_data(demitasse_net_blob(net, "y"))[0] == 213);
  EXPECT(loss == 0.5f);
  EXPECT(demitasse_net_clear_param_diffs(net) == DEMITASSE_OK);
  EXPECT(demitasse_net_backward(net) == DEMITASSE_OK);
  EXPECT(demitasse_blob_get_diff(weights, gradient, 2) == DEMITASSE_OK);
  EXPECT(gradient[0] == -10 && gradient[1] == -100);
  EXPECT(demitasse_blob_get_diff(demitasse_net_input(net, 0), gradient, 2) == DEMITASSE_OK);
  EXPECT(gradient[0] == -1 && gradient[1] == -2);
  return 0;
}

static int SaveAndLoad(demitasse_net* net, const char* path) {
  demitasse_net* other = NULL;
  float loss = -1;
  EXPECT(demitasse_net_save_weights(net, path) == DEMITASSE_OK);
  EXPECT(Build(&other) == 0);
  EXPECT(Fill(other) == 0);
  *demitasse_blob_mutable_data(demitasse_net_layer_param(other, 1, 1)) = 0;
  EXPECT(demitasse_net_load_weights(other, path) == DEMITASSE_OK);
  EXPECT(demitasse_net_forward(other, &loss) == DEMITASSE_OK);
  EXPECT(loss == 0.5f);
  demitasse_net_free(other);
  return 0;
}

static int Fail(demitasse_net* net) {
  demitasse_net* none = NULL;
  const char kWrong[] = "layer { name: 'a' type: 'ReLu' }";
  EXPECT(demitasse_net_create_from_text(kWrong, "a.prototxt", NULL, &none) ==
         DEMITASSE_ERROR_INPUT);
  EXPECT(none == NULL);
  EXPECT(strcmp(demitasse_last_error(),
                "a.prototxt:1:25: error: layer 'a': unknown layer type 'ReLu'; did you mean "
                "'ReLU'?") == 0);
  EXPECT(demitasse_last_status() == DEMITASSE_ERROR_INPUT);
  EXPECT(demitasse_net_blob(net, "z") == NULL);
  EXPECT(demitasse_last_status() == DEMITASSE_ERROR_INPUT);
  EXPECT(demitasse_net_input(net, 2) == NULL);
  EXPECT(demitasse_last_status() == DEMITASSE_ERROR_ARGUMENT);
  return 0;
}

int RunCProgram(const char* path) {
  demitasse_net* net = NULL;
  int line = Build(&net);
  if (line == 0) line = Fill(net);
  if (line == 0) line = Run(net);
  if (line == 0) line = SaveAndLoad(net, path);
  if (line == 0) line = Fail(net);
  demitasse_net_free(net);
  return line;
}
