#include "src/io/hdf5.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <system_error>

#include "demitasse/blob.hpp"
#include "demitasse/error.hpp"
#include "demitasse/memory_budget.hpp"
#include "src/core/text.hpp"
#include "src/io/file.hpp"
#ifdef DEMITASSE_WITH_HDF5
#include "src/io/hdf5_library.hpp"
#endif

namespace demitasse {

bool IsHdf5File(const std::string& path) {
  constexpr char kSignature[] = "\x89HDF\r\n\x1a\n";
  constexpr size_t kLength = sizeof(kSignature) - 1;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  try {
    char start[kLength] = {};
    return InputFile(path).Read(start, kLength) == kLength &&
           std::equal(start, start + kLength, kSignature);
  } catch (const Error&) {
    return false;
  }
}

#ifdef DEMITASSE_WITH_HDF5
namespace {

constexpr int64_t kAlwaysAllowed = int64_t{1} << 26;  // values
constexpr uint64_t kBestCompression = 1032;           // of deflate

void CheckClass(hid_t dataset, const std::string& path, const std::string& name) {
  const Hdf5Handle type(H5Dget_type(dataset), H5Tclose);
  const H5T_class_t kind = type.valid() ? H5Tget_class(type.id()) : H5T_NO_CLASS;
  // Python's truth values are an enumeration of whole numbers.
  if (kind == H5T_FLOAT || kind == H5T_INTEGER || kind == H5T_ENUM) return;
  const char* const what = kind == H5T_STRING     ? "text"
                           : kind == H5T_COMPOUND ? "records"
                           : kind == H5T_VLEN     ? "lists of various lengths"
                                                  : "something else";
  throw Error(Location{path}, Cat(DatasetName(name), " holds ", what, ", numbers are needed"));
}

std::vector<hsize_t> Dimensions(hid_t space) {
  std::vector<hsize_t> dimensions(
      static_cast<size_t>(std::max(0, H5Sget_simple_extent_ndims(space))));
  H5Sget_simple_extent_dims(space, dimensions.data(), nullptr);
  return dimensions;
}

std::vector<int64_t> ReadShape(hid_t dataset, const std::string& path, const std::string& name) {
  const Hdf5Handle space(H5Dget_space(dataset), H5Sclose);
  const H5S_class_t kind = space.valid() ? H5Sget_simple_extent_type(space.id()) : H5S_NO_CLASS;
  if (kind != H5S_SIMPLE && kind != H5S_SCALAR) {
    throw Error(Location{path}, DatasetName(name) + " has no values");
  }
  std::vector<int64_t> shape;
  for (const hsize_t dimension : Dimensions(space.id())) {
    shape.push_back(
        static_cast<int64_t>(std::min<hsize_t>(dimension, std::numeric_limits<int64_t>::max())));
  }
  return shape;
}

// A damaged header may claim more values than there are.
void CheckStorage(hid_t dataset, const std::string& path, const std::string& name) {
  const Hdf5Handle creation(H5Dget_create_plist(dataset), H5Pclose);
  const Hdf5Handle space(H5Dget_space(dataset), H5Sclose);
  const Hdf5Handle type(H5Dget_type(dataset), H5Tclose);
  const H5D_layout_t layout = H5Pget_layout(creation.id());
  const bool is_plain = layout == H5D_COMPACT || layout == H5D_CONTIGUOUS;
  if (!is_plain || H5Pget_external_count(creation.id()) > 0) return;
  const hsize_t stored = H5Dget_storage_size(dataset);  // 0 if nothing was ever written
  std::error_code ignored;
  const bool fits_file = stored <= std::filesystem::file_size(path, ignored);
  const auto values = static_cast<hsize_t>(H5Sget_simple_extent_npoints(space.id()));
  if (fits_file && (stored == 0 || values <= stored / H5Tget_size(type.id()))) return;
  throw Error(Location{path}, Cat(DatasetName(name), " is damaged: it should have ", values,
                                  " values, in ", stored, " bytes"));
}

// The properties of access that keep the chunks in memory that a row has a part in; none if the
// dataset is not stored in chunks.
Hdf5Handle ChunkCache(hid_t dataset) {
  const Hdf5Handle creation(H5Dget_create_plist(dataset), H5Pclose);
  const Hdf5Handle space(H5Dget_space(dataset), H5Sclose);
  const Hdf5Handle type(H5Dget_type(dataset), H5Tclose);
  const std::vector<hsize_t> shape = Dimensions(space.id());
  std::vector<hsize_t> chunk(shape.size());
  const int axes = static_cast<int>(chunk.size());
  if (H5Pget_layout(creation.id()) != H5D_CHUNKED ||
      H5Pget_chunk(creation.id(), axes, chunk.data()) != axes) {
    return {};
  }
  double chunks = 1;  // of a row
  auto bytes_of_one = static_cast<double>(H5Tget_size(type.id()));
  for (size_t i = 0; i < shape.size(); ++i) {
    if (chunk[i] == 0) return {};  // of a damaged file
    bytes_of_one *= static_cast<double>(chunk[i]);
    const hsize_t chunks_here = (shape[i] + chunk[i] - 1) / chunk[i];
    if (i > 0) chunks *= static_cast<double>(chunks_here);
  }
  constexpr double kMostBytes = 1 << 30;
  const double bytes = std::min(chunks * bytes_of_one, kMostBytes);
  // The library keeps no two chunks of the same slot, which it finds by a simple hash: its manual
  // advises about 100 times as many slots as chunks.
  constexpr double kSlotsForAChunk = 100;
  constexpr double kMostSlots = 1 << 20;
  const double slots = std::clamp(kSlotsForAChunk * bytes / bytes_of_one, 1.0, kMostSlots);
  Hdf5Handle properties(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
  H5Pset_chunk_cache(properties.id(), static_cast<size_t>(slots), static_cast<size_t>(bytes),
                     H5D_CHUNK_CACHE_W0_DEFAULT);
  return properties;
}

}  // namespace

void RequireHdf5() {}

void LeaveHdf5OpenAtExit() { H5dont_atexit(); }

Hdf5Dataset::Hdf5Dataset(std::string path, std::string name, Hdf5Handle dataset)
    : path_(std::move(path)),
      name_(std::move(name)),
      dataset_(std::move(dataset)),
      shape_(ReadShape(dataset_.id(), path_, name_)) {}

void Hdf5Dataset::ReadRows(int64_t begin, int64_t count, float* to) const {
  if (shape_.empty() || begin < 0 || count < 0 || count > shape_[0] - begin) {
    throw Error(Location{path_}, Cat(DatasetName(name_), " has no rows ", begin, " to ",
                                     begin + count, ", only ", shape_.empty() ? 0 : shape_[0]));
  }
  if (std::find(shape_.begin(), shape_.end(), 0) != shape_.end() || count == 0) return;
  const Hdf5Session session;
  std::vector<hsize_t> start(shape_.size());
  std::vector<hsize_t> extent(shape_.begin(), shape_.end());
  start[0] = static_cast<hsize_t>(begin);
  extent[0] = static_cast<hsize_t>(count);
  const Hdf5Handle from(H5Dget_space(dataset_.id()), H5Sclose);
  const Hdf5Handle memory(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr),
                          H5Sclose);
  H5Sselect_hyperslab(from.id(), H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr);
  if (H5Dread(dataset_.id(), H5T_NATIVE_FLOAT, memory.id(), from.id(), H5P_DEFAULT, to) < 0) {
    ThrowHdf5Error(
        path_, Cat("cannot read rows ", begin, " to ", begin + count, " of ", DatasetName(name_)));
  }
}

// A dataset in chunks may claim any number of values, of which none was ever written.
void Hdf5Dataset::CheckClaim(int64_t size) const {
  if (size <= kAlwaysAllowed) return;
  const hsize_t stored = H5Dget_storage_size(dataset_.id());
  if (static_cast<hsize_t>(size) <= stored * kBestCompression) return;
  throw Error(Location{path_},
              Cat(DatasetName(name_), " claims ", size, " values, more than can be in its ", stored,
                  " bytes: it is damaged"));
}

NdArray Hdf5Dataset::ReadAll() const {
  NdArray array;
  for (const int64_t dimension : shape_) {
    if (dimension > std::numeric_limits<int>::max()) {
      throw Error(Location{path_}, Cat(DatasetName(name_), " has an axis of length ", dimension,
                                       ", longer than ", std::numeric_limits<int>::max()));
    }
    array.shape.push_back(static_cast<int>(dimension));
  }
  const int64_t size = ShapeSize(array.shape);
  const int64_t most = MachineMemory() / static_cast<int64_t>(sizeof(float));
  if (size > most) {
    throw Error(Location{path_},
                Cat(DatasetName(name_), " has ", size, " values, memory is there for ", most),
                ErrorKind::kRun);
  }
  const Hdf5Session session;
  CheckClaim(size);
  array.values.resize(static_cast<size_t>(size));
  if (size == 0) return array;
  if (H5Dread(dataset_.id(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data()) <
      0) {
    ThrowHdf5Error(path_, "cannot read " + DatasetName(name_));
  }
  return array;
}

Hdf5File::Hdf5File(const std::string& path) : path_(path) {
  { const InputFile file(path); }  // says what is wrong with the path, if anything is
  const Hdf5Session session;
  file_ = Hdf5Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (file_.valid()) return;
  if (!IsHdf5File(path)) throw Error(Location{path}, "this is not an HDF5 file");
  ThrowHdf5Error(path, "the file cannot be read, it is truncated or damaged");
}

std::vector<std::string> Hdf5File::Names(const std::string& group) const {
  const Hdf5Session session;
  const Hdf5Handle handle(H5Gopen2(file_.id(), ("/" + group).c_str(), H5P_DEFAULT), H5Gclose);
  H5G_info_t info = {};
  if (!handle.valid() || H5Gget_info(handle.id(), &info) < 0) {
    throw Error(Location{path_}, Cat("the file has no group '", OneLine(group), "'"));
  }
  std::vector<std::string> names;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    const auto read = [&](char* to, size_t size) {
      return H5Lget_name_by_idx(handle.id(), ".", H5_INDEX_NAME, H5_ITER_INC, i, to, size,
                                H5P_DEFAULT);
    };
    const ssize_t length = read(nullptr, 0);
    if (length < 0) ThrowHdf5Error(path_, Cat("cannot list group '", OneLine(group), "'"));
    std::string name(static_cast<size_t>(length), '\0');
    read(name.data(), name.size() + 1);
    names.push_back(std::move(name));
  }
  return names;
}

bool Hdf5File::IsGroup(const std::string& name) const {
  const Hdf5Session session;
  const Hdf5Handle object(H5Oopen(file_.id(), ("/" + name).c_str(), H5P_DEFAULT), H5Oclose);
  if (object.valid()) return H5Iget_type(object.id()) == H5I_GROUP;
  // What is there and cannot be opened is damaged, or the disk fails.
  if (H5Lexists(file_.id(), ("/" + name).c_str(), H5P_DEFAULT) > 0) {
    ThrowHdf5Error(path_, Cat("cannot open '", OneLine(name), "'"));
  }
  return false;
}

void Hdf5File::ThrowMissing(const std::string& name) const {
  if (IsGroup(name)) {
    throw Error(Location{path_}, Cat("'", OneLine(name), "' is a group, a dataset is needed"));
  }
  std::string known;
  if (name.find('/') == std::string::npos) {
    const std::vector<std::string> names = Names("");
    known = Cat(DidYouMean(name, names),
                " (it has: ", names.empty() ? "nothing" : OneLine(Join(names)), ")");
  }
  throw Error(Location{path_}, Cat("the file has no ", DatasetName(name), known));
}

Hdf5Dataset Hdf5File::OpenDataset(const std::string& name) const {
  const Hdf5Session session;
  const std::string full_name = "/" + name;
  Hdf5Handle dataset(H5Dopen2(file_.id(), full_name.c_str(), H5P_DEFAULT), H5Dclose);
  if (!dataset.valid()) ThrowMissing(name);
  CheckClass(dataset.id(), path_, name);
  CheckStorage(dataset.id(), path_, name);
  const Hdf5Handle cache = ChunkCache(dataset.id());
  if (cache.valid()) {
    dataset.Reset();  // an open one keeps its cache
    dataset = Hdf5Handle(H5Dopen2(file_.id(), full_name.c_str(), cache.id()), H5Dclose);
    if (!dataset.valid()) ThrowHdf5Error(path_, "cannot open " + DatasetName(name));
  }
  return Hdf5Dataset(path_, name, std::move(dataset));
}

NdArray Hdf5File::ReadAll(const std::string& name) {
  NdArray array = OpenDataset(name).ReadAll();
  values_read_ += static_cast<int64_t>(array.values.size());
  std::error_code ignored;
  const uint64_t most = std::filesystem::file_size(path_, ignored) * kBestCompression;
  if (values_read_ > kAlwaysAllowed && static_cast<uint64_t>(values_read_) > most) {
    throw Error(Location{path_}, Cat("its datasets have ", values_read_,
                                     " values and more, more than can be in the file"));
  }
  return array;
}

int Hdf5File::ReadInt(const std::string& name) const {
  const Hdf5Session session;
  const Hdf5Dataset dataset = OpenDataset(name);
  const Hdf5Handle space(H5Dget_space(dataset.dataset_.id()), H5Sclose);
  int value = 0;
  if (H5Sget_simple_extent_npoints(space.id()) != 1) {
    throw Error(Location{path_}, DatasetName(name) + " must hold one whole number");
  }
  if (H5Dread(dataset.dataset_.id(), H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value) < 0) {
    ThrowHdf5Error(path_, "cannot read " + DatasetName(name));
  }
  return value;
}

std::string Hdf5File::ReadString(const std::string& name) const {
  const Hdf5Session session;
  const Hdf5Handle dataset(H5Dopen2(file_.id(), ("/" + name).c_str(), H5P_DEFAULT), H5Dclose);
  if (!dataset.valid()) ThrowMissing(name);
  const Hdf5Handle type(H5Dget_type(dataset.id()), H5Tclose);
  const Hdf5Handle space(H5Dget_space(dataset.id()), H5Sclose);
  constexpr size_t kLongest = 1 << 16;
  const size_t size = type.valid() ? H5Tget_size(type.id()) : 0;
  const bool one = H5Sget_simple_extent_npoints(space.id()) == 1;
  if (!one || H5Tget_class(type.id()) != H5T_STRING || size > kLongest) {
    throw Error(Location{path_}, DatasetName(name) + " must hold one string");
  }
  const auto read = [&](void* to) {
    if (H5Dread(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, to) >= 0) return;
    ThrowHdf5Error(path_, "cannot read " + DatasetName(name));
  };
  if (H5Tis_variable_str(type.id()) > 0) {
    char* text = nullptr;
    read(&text);
    std::string copy = text == nullptr ? "" : text;
    H5Dvlen_reclaim(type.id(), space.id(), H5P_DEFAULT, &text);
    return copy;
  }
  std::string text(size, '\0');
  read(text.data());
  return text.c_str();  // without what fills it up
}
#endif  // DEMITASSE_WITH_HDF5

}  // namespace demitasse
