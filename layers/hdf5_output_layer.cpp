// HDF5Output: appends the rows of bottom 0 to dataset "data" and those of bottom 1 to dataset
// "label" of a new HDF5 file, file_name, in every forward pass. As in Caffe the datasets have four
// axes where the bottoms have fewer. The file is made by the first pass, in place of one that is
// there, and is complete after each; relative paths start at the working directory. (Caffe's layer
// fails in its second pass.) There is no gradient.

#include <memory>

#include "demitasse/layer_registry.hpp"
#include "src/core/text.hpp"
#include "src/io/hdf5.hpp"
#include "src/io/hdf5_writer.hpp"

namespace demitasse {
namespace {

class HDF5OutputLayer : public Layer {
 public:
  using Layer::Layer;

  int ExactNumBottomBlobs() const override { return 2; }
  int ExactNumTopBlobs() const override { return 0; }
  bool AllowForceBackward(int /*bottom_index*/) const override { return false; }

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    RequireHdf5();
    if (layer_param_.hdf5_output_param().file_name().empty()) {
      throw Fail("hdf5_output_param.file_name",
                 "needs a file to write: hdf5_output_param { file_name: ... }");
    }
  }

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& /*top*/) override {
    if (Rows(*bottom[0]) == Rows(*bottom[1])) return;
    throw Fail("bottom[1]", Cat("needs as many labels as data, got ", bottom[1]->shape_string(),
                                " for ", bottom[0]->shape_string()));
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& /*top*/) override {
    try {
      if (file_ == nullptr) {
        file_ = std::make_unique<Hdf5Writer>(layer_param_.hdf5_output_param().file_name());
      }
      Append("data", *bottom[0]);
      Append("label", *bottom[1]);
      file_->Flush();
    } catch (const Error& error) {
      const std::string& file = error.where().file;
      throw Fail("hdf5_output_param.file_name", Cat(file, ": ", error.message()), error.kind());
    }
  }

 private:
  static int Rows(const Blob& blob) { return blob.num_axes() == 0 ? 1 : blob.shape(0); }

  void Append(const std::string& name, const Blob& blob) {
    std::vector<int> shape = blob.shape();
    if (shape.size() < 4) shape.resize(4, 1);
    const std::vector<int> row_shape(shape.begin() + 1, shape.end());
    file_->AppendRows(name, shape[0], row_shape, blob.cpu_data());
  }

  std::unique_ptr<Hdf5Writer> file_;
};

}  // namespace
DEMITASSE_REGISTER_LAYER("HDF5Output", HDF5OutputLayer);
}  // namespace demitasse
