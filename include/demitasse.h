// Demitasse for C, and for every language that can call C: networks in Caffe's format, run forward
// and backward, trained and optimized.
//
//   demitasse_net* net = NULL;
//   if (demitasse_net_create("lenet.prototxt", NULL, &net) != DEMITASSE_OK ||
//       demitasse_net_load_weights(net, "lenet.caffemodel") != DEMITASSE_OK ||
//       demitasse_blob_set_data(demitasse_net_input(net, 0), pixels, 28 * 28) != DEMITASSE_OK ||
//       demitasse_net_forward(net, NULL) != DEMITASSE_OK) {
//     fprintf(stderr, "%s\n", demitasse_last_error());
//   }
//   const float* scores = demitasse_blob_data(demitasse_net_output(net, 0));
//
// Errors. A function that returns a status returns 0 (DEMITASSE_OK) or what went wrong. One that
// returns a pointer returns NULL, and one that returns a number -1, if it fails. In each case
// demitasse_last_error() says why. Nothing aborts, exits or prints; a null pointer is an error, but
// where a function says that it may be NULL. What a failing function was to write is unchanged.
//
// Lifetimes. What *_create gives is freed by *_free, which takes NULL too. Everything else that is
// returned belongs to what it was asked of. The handles of a net's blobs are valid until the net is
// freed, also when shapes change; names until it is optimized or freed. A pointer to values is
// valid until the next call that runs or reshapes the net or reshapes the blob: ask for it again
// after each run.
//
// Threads. A handle and all that belongs to it are used by one thread at a time. Different nets and
// solvers may be used by several threads at once, also nets that share weights. Errors are kept for
// each thread. There is no global state but the log function and the list of layer types.
//
// Text is UTF-8 and ends with a zero byte. Values are floats, blobs are in row-major order: a batch
// of pictures is (N, C, H, W).
//
// The interface only grows: programs need not be compiled again for a new version.
#ifndef DEMITASSE_H_
#define DEMITASSE_H_

#include <stdint.h>

#if defined(__GNUC__)
#define DEMITASSE_C_API __attribute__((visibility("default")))
#else
#define DEMITASSE_C_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// How a net or a solver is to be built; a net; one of its blobs; a solver.
typedef struct demitasse_options demitasse_options;
typedef struct demitasse_net demitasse_net;
typedef struct demitasse_blob demitasse_blob;
typedef struct demitasse_solver demitasse_solver;

// What functions of type int return that do not return a number.
enum demitasse_status {
  DEMITASSE_OK = 0,
  DEMITASSE_ERROR_INPUT = 1,    // a file, a text or values in it are wrong: for their author
  DEMITASSE_ERROR_RUN = 2,      // the machine failed (disk full, out of memory)
  DEMITASSE_ERROR_ARGUMENT = 3  // the program is wrong: a null pointer, an index outside, a size
};

// What a log function is told.
enum demitasse_log_level { DEMITASSE_LOG_INFO = 0, DEMITASSE_LOG_WARNING = 1 };

// ---- The library.

// The last failure in this thread, a whole line without its newline, "FILE:LINE:COLUMN: error:
// MESSAGE"; "" if there was none. Valid until the next failure in this thread.
DEMITASSE_C_API const char* demitasse_last_error(void);
// Its status; DEMITASSE_OK if there was none.
DEMITASSE_C_API int demitasse_last_status(void);

// "1.2.3", and the same as 10203.
DEMITASSE_C_API const char* demitasse_version(void);
DEMITASSE_C_API int demitasse_version_number(void);

// All layer types, sorted, each followed by a newline. Valid until this thread asks again.
DEMITASSE_C_API const char* demitasse_layer_types(void);

// What receives messages that are no errors, with the level and `user` as it was given; called by
// any thread that uses the library, by one at a time. It must not call the library.
typedef void (*demitasse_log_function)(int level, const char* message, void* user);

// From now on messages go to `function`; to nobody, as in the beginning, if it is NULL. Any thread
// may call it; a function that was replaced is not called any more when it returns.
DEMITASSE_C_API int demitasse_set_log(demitasse_log_function function, void* user);

// Loads the layers of a plugin, a shared object, which stay until the program ends. Does nothing if
// it is loaded already. DEMITASSE_ERROR_INPUT if it is none, or of another version.
DEMITASSE_C_API int demitasse_load_plugin(const char* path);

// ---- How nets and solvers are built.

// Options that all have their defaults. NULL if there is no memory.
DEMITASSE_C_API demitasse_options* demitasse_options_create(void);
DEMITASSE_C_API void demitasse_options_free(demitasse_options* options);

// Sets an option. Those that are lists grow with every call.
//
//   key             value                        default    of
//   phase           TEST, TRAIN                  TEST       nets
//   seed            of whatever is random        1          nets
//   force_backward  true, false                  false      nets: gradients of the inputs too
//   level           a whole number               0          both: for rules of layers
//   stage           a name (list)                           both: for rules of layers
//   engine          auto, reference, onednn      auto       both
//   threads         0 (all cores) to 1024        0          both
//   memory_limit    bytes of blobs; 0: machine's 0          both
//   lenient         true, false                  false      both: unknown fields are warnings
//   weights         a file (list)                           solvers: to start from
//   on_nan          stop, warn                   stop       solvers
//   keep_snapshots  number; 0: all               0          solvers: older ones are removed
//
// DEMITASSE_ERROR_INPUT for an unknown key or a value that it cannot have.
DEMITASSE_C_API int demitasse_options_set(demitasse_options* options, const char* key,
                                          const char* value);

// ---- Nets.

// Reads and builds a net from a prototxt file. `options`, which may be NULL and is not kept, must
// have none that is of solvers only. The net in *net is to be freed.
DEMITASSE_C_API int demitasse_net_create(const char* path, const demitasse_options* options,
                                         demitasse_net** net);
// The same from the text of a prototxt; `name` stands in messages where a path would.
DEMITASSE_C_API int demitasse_net_create_from_text(const char* text, const char* name,
                                                   const demitasse_options* options,
                                                   demitasse_net** net);
// Frees the net with its blobs. Weights that other nets share with it stay. A net that belongs to a
// solver is left alone.
DEMITASSE_C_API void demitasse_net_free(demitasse_net* net);

// Copies the weights of the layers that have the same names in the file: a .caffemodel or HDF5.
// DEMITASSE_ERROR_INPUT, before anything is copied, if a shape differs from the net's.
DEMITASSE_C_API int demitasse_net_load_weights(demitasse_net* net, const char* path);
// The same from the bytes of a .caffemodel (not of HDF5), which are not kept.
DEMITASSE_C_API int demitasse_net_load_weights_from_memory(demitasse_net* net, const void* bytes,
                                                           int64_t size);
// Writes the net with its weights: in HDF5 form if `path` ends in ".h5", else as a .caffemodel. The
// file has its name only when it is complete.
DEMITASSE_C_API int demitasse_net_save_weights(const demitasse_net* net, const char* path);
// From now on the weights of `net` are those of the layers of the same names in `other`, without a
// copy; gradients stay its own. Either may be freed first. Nets that share weights may run in
// several threads at once while nobody changes the weights.
DEMITASSE_C_API int demitasse_net_share_weights(demitasse_net* net, const demitasse_net* other);
// Prepares a net of phase TEST, with its weights, to do nothing but run forward: faster, in less
// memory. From then on only inputs and outputs can be read; backward, and whatever concerns
// weights, is an error.
DEMITASSE_C_API int demitasse_net_optimize(demitasse_net* net);

// Brings all shapes in line with those of the inputs (demitasse_blob_reshape), to look at them:
// running does so too.
DEMITASSE_C_API int demitasse_net_reshape(demitasse_net* net);
// Runs all layers on what the inputs hold. *loss, if not NULL, becomes the sum of the losses times
// their weights.
DEMITASSE_C_API int demitasse_net_forward(demitasse_net* net, float* loss);
// Runs the layers from `first` to `last`, both included; *loss is their part of it.
DEMITASSE_C_API int demitasse_net_forward_from_to(demitasse_net* net, int first, int last,
                                                  float* loss);
// Computes the gradients of the loss, or of the sum of the outputs where there is none. A gradient
// that was written to the loss or to such an output after the forward run is kept; outputs that were
// not written to have no part then. Gradients of parameters are added to what they hold: see
// demitasse_net_clear_param_diffs. A forward run must have come before, on inputs of the same shapes.
DEMITASSE_C_API int demitasse_net_backward(demitasse_net* net);
// Runs the layers from `start` down to `end`, both included; those behind `start` must have run.
// All must have run forward, and none with bottoms in front of them since.
DEMITASSE_C_API int demitasse_net_backward_from_to(demitasse_net* net, int start, int end);
// Sets the gradients of all learnable parameters to 0.
DEMITASSE_C_API int demitasse_net_clear_param_diffs(demitasse_net* net);

// From now on the MemoryData layer of that name gives these samples, batch_size of them with every
// forward run: `data` is (samples, channels, height, width), `labels` one value for each. Both are
// the caller's and are read by every run. `samples` is a multiple of batch_size.
DEMITASSE_C_API int demitasse_net_set_memory_data(demitasse_net* net, const char* layer,
                                                  const float* data, const float* labels,
                                                  int64_t samples);

// ---- What a net is made of. Indices count from 0, in the order of the prototxt.

// As the prototxt has it; "" if it has none.
DEMITASSE_C_API const char* demitasse_net_name(const demitasse_net* net);

// The inputs: what the caller fills.
DEMITASSE_C_API int demitasse_net_input_count(const demitasse_net* net);
DEMITASSE_C_API const char* demitasse_net_input_name(const demitasse_net* net, int index);
DEMITASSE_C_API demitasse_blob* demitasse_net_input(demitasse_net* net, int index);
// The outputs, which no layer reads; in the order of their names.
DEMITASSE_C_API int demitasse_net_output_count(const demitasse_net* net);
DEMITASSE_C_API const char* demitasse_net_output_name(const demitasse_net* net, int index);
DEMITASSE_C_API demitasse_blob* demitasse_net_output(demitasse_net* net, int index);
// All blobs; those are among them that the net adds where several layers read one.
DEMITASSE_C_API int demitasse_net_blob_count(const demitasse_net* net);
DEMITASSE_C_API const char* demitasse_net_blob_name(const demitasse_net* net, int index);
// By name: of several blobs of that name the last. DEMITASSE_ERROR_INPUT, naming the near ones, if
// there is none.
DEMITASSE_C_API demitasse_blob* demitasse_net_blob(demitasse_net* net, const char* name);

// The layers in the order they run, and their parameters: weights before biases.
DEMITASSE_C_API int demitasse_net_layer_count(const demitasse_net* net);
DEMITASSE_C_API const char* demitasse_net_layer_name(const demitasse_net* net, int layer);
DEMITASSE_C_API const char* demitasse_net_layer_type(const demitasse_net* net, int layer);
DEMITASSE_C_API int demitasse_net_layer_param_count(const demitasse_net* net, int layer);
DEMITASSE_C_API demitasse_blob* demitasse_net_layer_param(demitasse_net* net, int layer, int index);
// The parameters that learn, those that layers share once.
DEMITASSE_C_API int demitasse_net_learnable_param_count(const demitasse_net* net);
DEMITASSE_C_API demitasse_blob* demitasse_net_learnable_param(demitasse_net* net, int index);

// ---- Blobs: an array and its gradient (diff). A blob belongs to its net.

// Axes of the array; 0 for a single value.
DEMITASSE_C_API int demitasse_blob_axis_count(const demitasse_blob* blob);
// The size of an axis; a negative index counts from the last.
DEMITASSE_C_API int demitasse_blob_shape(const demitasse_blob* blob, int axis);
// Values in the whole array: the product of the axes.
DEMITASSE_C_API int64_t demitasse_blob_size(const demitasse_blob* blob);
// Gives an input another shape; the next run brings all others in line. Other blobs get theirs from
// the layers: that is DEMITASSE_ERROR_ARGUMENT.
DEMITASSE_C_API int demitasse_blob_reshape(demitasse_blob* blob, const int* shape, int axes);

// The values, demitasse_blob_size of them; never NULL but for an error, also of an empty blob.
DEMITASSE_C_API const float* demitasse_blob_data(const demitasse_blob* blob);
DEMITASSE_C_API const float* demitasse_blob_diff(const demitasse_blob* blob);
// The same to be written to. To be asked for before every writing: what was computed from the old
// values counts as outdated from this call on.
DEMITASSE_C_API float* demitasse_blob_mutable_data(demitasse_blob* blob);
DEMITASSE_C_API float* demitasse_blob_mutable_diff(demitasse_blob* blob);

// Copy `size` values in or out, which must be the size of the blob.
DEMITASSE_C_API int demitasse_blob_set_data(demitasse_blob* blob, const float* values,
                                            int64_t size);
DEMITASSE_C_API int demitasse_blob_get_data(const demitasse_blob* blob, float* values,
                                            int64_t size);
DEMITASSE_C_API int demitasse_blob_set_diff(demitasse_blob* blob, const float* values,
                                            int64_t size);
DEMITASSE_C_API int demitasse_blob_get_diff(const demitasse_blob* blob, float* values,
                                            int64_t size);

// Fills item `index` of an input of shape (N, C, height, width), with C 1 (grey) or 3, from a PNG
// or JPEG file, which is scaled to that size: (value - mean) * scale for values from 0 to 255.
// `mean` holds `means` values: none (it may be NULL), 1, C, or one for each element. The order of 3
// channels is blue, green, red, as in most of Caffe's nets, or the reverse if `rgb` is not 0.
DEMITASSE_C_API int demitasse_blob_load_picture(demitasse_blob* blob, int index, const char* path,
                                                const float* mean, int64_t means, float scale,
                                                int rgb);

// ---- Training.

// Reads a solver's prototxt and builds its nets, which are looked for in the working directory,
// then beside the solver's file. `options`, which may be NULL and is not kept, must have none that
// is of nets only. The solver in *solver is to be freed.
DEMITASSE_C_API int demitasse_solver_create(const char* path, const demitasse_options* options,
                                            demitasse_solver** solver);
DEMITASSE_C_API void demitasse_solver_free(demitasse_solver* solver);

// Trains for so many iterations.
DEMITASSE_C_API int demitasse_solver_step(demitasse_solver* solver, int iterations);
// Trains up to max_iter, with tests and snapshots on the way; continues from the solver state in
// the file `resume` if that is not NULL.
DEMITASSE_C_API int demitasse_solver_solve(demitasse_solver* solver, const char* resume);
// Iterations that have been trained.
DEMITASSE_C_API int demitasse_solver_iteration(const demitasse_solver* solver);

// Told after every iteration, in the thread that trains: iterations so far, the loss (smoothed over
// average_loss), and `user` as it was given. Training stops there, without an error, if it returns
// other than 0. It must not train or free the solver.
typedef int (*demitasse_iteration_function)(int iteration, float loss, void* user);

// From now on `function` is told; nobody if it is NULL.
DEMITASSE_C_API int demitasse_solver_set_callback(demitasse_solver* solver,
                                                  demitasse_iteration_function function,
                                                  void* user);

// Writes PREFIX_iter_N.caffemodel and .solverstate.
DEMITASSE_C_API int demitasse_solver_snapshot(demitasse_solver* solver);
// Continues from a .solverstate (or .solverstate.h5); "latest" is the newest snapshot of this
// solver, if there is one. The solver's nets may be built anew: their handles stay, but their blobs
// are to be asked for again.
DEMITASSE_C_API int demitasse_solver_restore(demitasse_solver* solver, const char* path);

// The net in training and those in tests, which belong to the solver.
DEMITASSE_C_API demitasse_net* demitasse_solver_net(demitasse_solver* solver);
DEMITASSE_C_API int demitasse_solver_test_net_count(const demitasse_solver* solver);
DEMITASSE_C_API demitasse_net* demitasse_solver_test_net(demitasse_solver* solver, int index);

#ifdef __cplusplus
}
#endif

#endif  // DEMITASSE_H_
