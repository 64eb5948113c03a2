#include "tests/conformance/conformance_file.hpp"

#include <hdf5.h>

#include <stdexcept>

namespace demitasse {
namespace {

// An HDF5 handle, closed at the end of its scope.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {
    if (id_ < 0) throw std::runtime_error("cannot read the conformance file");
  }
  ~Handle() { close_(id_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  operator hid_t() const { return id_; }  // NOLINT: to be passed where HDF5 wants an id

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

std::vector<std::string> Children(hid_t group) {
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->push_back(name);
    return 0;
  };
  H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names);
  return names;
}

std::string StringAttribute(hid_t group, const char* name) {
  const Handle attribute(H5Aopen(group, name, H5P_DEFAULT), H5Aclose);
  const Handle type(H5Aget_type(attribute), H5Tclose);
  std::string text(H5Tget_size(type), '\0');
  H5Aread(attribute, type, text.data());
  return text.c_str();  // without padding
}

double NumberAttribute(hid_t group, const char* name) {
  const Handle attribute(H5Aopen(group, name, H5P_DEFAULT), H5Aclose);
  double number = 0;
  H5Aread(attribute, H5T_NATIVE_DOUBLE, &number);
  return number;
}

ConformanceArray ReadArray(hid_t group, const std::string& name) {
  const Handle dataset(H5Dopen(group, name.c_str(), H5P_DEFAULT), H5Dclose);
  const Handle space(H5Dget_space(dataset), H5Sclose);
  std::vector<hsize_t> dimensions(static_cast<size_t>(H5Sget_simple_extent_ndims(space)));
  H5Sget_simple_extent_dims(space, dimensions.data(), nullptr);
  ConformanceArray array;
  size_t size = 1;
  for (const hsize_t dimension : dimensions) {
    array.shape.push_back(static_cast<int>(dimension));
    size *= dimension;
  }
  array.values.resize(size);
  H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data());
  return array;
}

ConformanceCase::Blobs ReadBlobs(hid_t test_case, const char* name) {
  ConformanceCase::Blobs blobs;
  if (H5Lexists(test_case, name, H5P_DEFAULT) <= 0) return blobs;
  const Handle group(H5Gopen(test_case, name, H5P_DEFAULT), H5Gclose);
  for (const std::string& blob : Children(group)) blobs[blob] = ReadArray(group, blob);
  return blobs;
}

ConformanceCase::Parameters ReadParameters(hid_t test_case, const char* name) {
  ConformanceCase::Parameters parameters;
  if (H5Lexists(test_case, name, H5P_DEFAULT) <= 0) return parameters;
  const Handle group(H5Gopen(test_case, name, H5P_DEFAULT), H5Gclose);
  for (const std::string& layer : Children(group)) {
    const Handle blobs(H5Gopen(group, layer.c_str(), H5P_DEFAULT), H5Gclose);
    for (const std::string& index : Children(blobs)) {
      parameters[{layer, std::stoi(index)}] = ReadArray(blobs, index);
    }
  }
  return parameters;
}

}  // namespace

std::vector<std::string> ListConformanceCases(const std::string& path) {
  const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  return Children(file);
}

ConformanceCase ReadConformanceCase(const std::string& path, const std::string& name) {
  const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  const Handle group(H5Gopen(file, name.c_str(), H5P_DEFAULT), H5Gclose);
  ConformanceCase result;
  result.prototxt = StringAttribute(group, "prototxt");
  result.phase = StringAttribute(group, "phase");
  result.backward = NumberAttribute(group, "backward") != 0;
  result.loss = NumberAttribute(group, "loss");
  result.inputs = ReadBlobs(group, "in");
  result.outputs = ReadBlobs(group, "out");
  result.input_gradients = ReadBlobs(group, "din");
  result.weights = ReadParameters(group, "weights");
  result.weight_gradients = ReadParameters(group, "dparam");
  result.weights_after = ReadParameters(group, "after");
  return result;
}

}  // namespace demitasse
