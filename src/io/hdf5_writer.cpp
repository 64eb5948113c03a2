#ifdef DEMITASSE_WITH_HDF5
#include "src/io/hdf5_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "demitasse/blob.hpp"
#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/file.hpp"
#include "src/io/hdf5_library.hpp"

namespace demitasse {
namespace {

// Properties of a link: the groups on the way to it are made.
Hdf5Handle WithGroups() {
  Hdf5Handle properties(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(properties.id(), 1);
  return properties;
}

// Properties of a dataset: the time of writing is left out.
Hdf5Handle Timeless() {
  Hdf5Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(properties.id(), false);
  return properties;
}

Hdf5Handle SpaceOf(const std::vector<int>& shape) {
  if (shape.empty()) return Hdf5Handle(H5Screate(H5S_SCALAR), H5Sclose);
  const std::vector<hsize_t> dimensions(shape.begin(), shape.end());
  return Hdf5Handle(
      H5Screate_simple(static_cast<int>(dimensions.size()), dimensions.data(), nullptr), H5Sclose);
}

// Rows that are stored, and may be compressed by others, together.
hsize_t RowsInChunk(const std::vector<hsize_t>& chunk) {
  constexpr hsize_t kBytes = 1 << 18;
  hsize_t row_bytes = sizeof(float);
  for (size_t i = 1; i < chunk.size(); ++i) row_bytes *= chunk[i];
  return std::max<hsize_t>(1, kBytes / row_bytes);
}

}  // namespace

Hdf5Writer::Hdf5Writer(const std::string& path) : path_(path) {
  if (path.empty()) throw Error("the name of the file to write is empty");
  Create(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
}

Hdf5Writer::Hdf5Writer(AtomicFile* file) : path_(file->path()) {
  Create(fcntl(file->descriptor(), F_DUPFD_CLOEXEC, 0));
}

void Hdf5Writer::Create(int descriptor) {
  if (descriptor < 0) throw SystemError(path_, "cannot create the file", errno);
  target_.descriptor = descriptor;
  file_ = CreateHdf5File(&target_);
  if (file_.valid()) return;
  close(descriptor);
  Check(false, "cannot create the file");
}

Hdf5Writer::~Hdf5Writer() {
  tables_.clear();
  file_.Reset();
  if (target_.descriptor >= 0) close(target_.descriptor);
}

void Hdf5Writer::Check(bool done, const std::string& doing) const {
  if (target_.failure != 0) throw SystemError(path_, "cannot write the file", target_.failure);
  if (!done) ThrowHdf5Error(path_, doing);
}

// What is closed between a call that fails and Check would take the reason along.
void Hdf5Writer::AddGroup(const std::string& name) {
  const Hdf5Session session;
  const Hdf5Handle links = WithGroups();
  Hdf5Handle group(H5Gopen2(file_.id(), name.c_str(), H5P_DEFAULT), H5Gclose);
  if (!group.valid()) {
    group = Hdf5Handle(H5Gcreate2(file_.id(), name.c_str(), links.id(), H5P_DEFAULT, H5P_DEFAULT),
                       H5Gclose);
  }
  Check(group.valid(), Cat("cannot make group '", OneLine(name), "'"));
}

void Hdf5Writer::Put(const std::string& name, const Hdf5Handle& space, int64_t type,
                     const void* values) {
  const bool is_empty = H5Sget_simple_extent_npoints(space.id()) == 0;
  const Hdf5Handle links = WithGroups();
  const Hdf5Handle properties = Timeless();
  const Hdf5Handle dataset(H5Dcreate2(file_.id(), name.c_str(), type, space.id(), links.id(),
                                      properties.id(), H5P_DEFAULT),
                           H5Dclose);
  Check(dataset.valid() &&
            (is_empty || H5Dwrite(dataset.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0),
        "cannot write " + DatasetName(name));
}

void Hdf5Writer::Write(const std::string& name, const std::vector<int>& shape,
                       const float* values) {
  const Hdf5Session session;
  Put(name, SpaceOf(shape), H5T_NATIVE_FLOAT, values);
}

void Hdf5Writer::WriteInt(const std::string& name, int value) {
  const Hdf5Session session;
  Put(name, SpaceOf({1}), H5T_NATIVE_INT, &value);
}

void Hdf5Writer::WriteString(const std::string& name, const std::string& value) {
  const Hdf5Session session;
  const Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.id(), value.size() + 1);
  Put(name, SpaceOf({}), type.id(), value.c_str());
}

void Hdf5Writer::WriteBytes(const std::string& name, const std::string& bytes) {
  const Hdf5Session session;
  Put(name, SpaceOf({static_cast<int>(bytes.size())}), H5T_NATIVE_UCHAR, bytes.data());
}

Hdf5Writer::Table Hdf5Writer::MakeTable(const std::string& name,
                                        const std::vector<int>& row_shape) {
  std::vector<hsize_t> extent(row_shape.begin(), row_shape.end());
  extent.insert(extent.begin(), 0);
  std::vector<hsize_t> most = extent;
  most[0] = H5S_UNLIMITED;
  std::vector<hsize_t> chunk = extent;
  for (hsize_t& dimension : chunk) dimension = std::max<hsize_t>(1, dimension);
  chunk[0] = RowsInChunk(chunk);
  const int axes = static_cast<int>(extent.size());
  const Hdf5Handle space(H5Screate_simple(axes, extent.data(), most.data()), H5Sclose);
  const Hdf5Handle links = WithGroups();
  const Hdf5Handle properties = Timeless();
  H5Pset_chunk(properties.id(), axes, chunk.data());
  Table table;
  table.dataset = Hdf5Handle(H5Dcreate2(file_.id(), name.c_str(), H5T_NATIVE_FLOAT, space.id(),
                                        links.id(), properties.id(), H5P_DEFAULT),
                             H5Dclose);
  table.row_shape = row_shape;
  Check(table.dataset.valid(), "cannot make " + DatasetName(name));
  return table;
}

void Hdf5Writer::AppendRows(const std::string& name, int64_t rows,
                            const std::vector<int>& row_shape, const float* values) {
  const Hdf5Session session;
  auto found = tables_.find(name);
  if (found == tables_.end()) found = tables_.emplace(name, MakeTable(name, row_shape)).first;
  Table* const table = &found->second;
  if (table->row_shape != row_shape) {
    throw Error(Location{path_},
                Cat(DatasetName(name), " has rows of ", ShapeString(table->row_shape),
                    ", got some of ", ShapeString(row_shape)));
  }
  std::vector<hsize_t> extent(row_shape.begin(), row_shape.end());
  extent.insert(extent.begin(), static_cast<hsize_t>(table->rows + rows));
  std::vector<hsize_t> start(extent.size());
  start[0] = static_cast<hsize_t>(table->rows);
  const hid_t dataset = table->dataset.id();
  bool done = H5Dset_extent(dataset, extent.data()) >= 0;
  extent[0] = static_cast<hsize_t>(rows);
  if (done && std::find(extent.begin(), extent.end(), 0) == extent.end()) {
    const Hdf5Handle space(H5Dget_space(dataset), H5Sclose);
    const Hdf5Handle memory(
        H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr), H5Sclose);
    done = H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, extent.data(),
                               nullptr) >= 0 &&
           H5Dwrite(dataset, H5T_NATIVE_FLOAT, memory.id(), space.id(), H5P_DEFAULT, values) >= 0;
  }
  Check(done, Cat("cannot append to ", DatasetName(name)));
  table->rows += rows;
}

void Hdf5Writer::Flush() {
  const Hdf5Session session;
  Check(H5Fflush(file_.id(), H5F_SCOPE_GLOBAL) >= 0, "cannot write the file");
}

void Hdf5Writer::Close() {
  tables_.clear();
  const Hdf5Session session;
  Check(file_.Reset(), "cannot write the file");
  if (close(std::exchange(target_.descriptor, -1)) != 0) {
    throw SystemError(path_, "cannot write the file", errno);
  }
}

}  // namespace demitasse
#endif  // DEMITASSE_WITH_HDF5
