// What stands in for the HDF5 library in a build without it: all that opens a file fails, and so
// nothing else is ever called.
#ifndef DEMITASSE_WITH_HDF5
#include "demitasse/error.hpp"
#include "src/io/file.hpp"
#include "src/io/hdf5.hpp"
#include "src/io/hdf5_writer.hpp"

namespace demitasse {
namespace {

constexpr char kMissing[] =
    "this build cannot use HDF5; configure it with -DDEMITASSE_WITH_HDF5=ON";

}  // namespace

void RequireHdf5() { throw Error(kMissing); }
void LeaveHdf5OpenAtExit() {}

bool Hdf5Handle::Reset() { return true; }

Hdf5File::Hdf5File(const std::string& path) : path_(path) {
  { const InputFile file(path); }
  throw Error(Location{path}, kMissing);
}
std::vector<std::string> Hdf5File::Names(const std::string&) const { return {}; }
bool Hdf5File::IsGroup(const std::string&) const { return false; }
Hdf5Dataset Hdf5File::OpenDataset(const std::string&) const { return {"", "", {}}; }
NdArray Hdf5File::ReadAll(const std::string&) { return {}; }
int Hdf5File::ReadInt(const std::string&) const { return 0; }
std::string Hdf5File::ReadString(const std::string&) const { return ""; }

Hdf5Dataset::Hdf5Dataset(std::string, std::string, Hdf5Handle) {}
void Hdf5Dataset::ReadRows(int64_t, int64_t, float*) const {}
NdArray Hdf5Dataset::ReadAll() const { return {}; }

Hdf5Writer::Hdf5Writer(const std::string& path) { throw Error(Location{path}, kMissing); }
Hdf5Writer::Hdf5Writer(AtomicFile* file) { throw Error(Location{file->path()}, kMissing); }
Hdf5Writer::~Hdf5Writer() = default;
void Hdf5Writer::AddGroup(const std::string&) {}
void Hdf5Writer::Write(const std::string&, const std::vector<int>&, const float*) {}
void Hdf5Writer::WriteInt(const std::string&, int) {}
void Hdf5Writer::WriteString(const std::string&, const std::string&) {}
void Hdf5Writer::WriteBytes(const std::string&, const std::string&) {}
void Hdf5Writer::AppendRows(const std::string&, int64_t, const std::vector<int>&, const float*) {}
void Hdf5Writer::Flush() {}
void Hdf5Writer::Close() {}

}  // namespace demitasse
#endif  // DEMITASSE_WITH_HDF5
