// npy: arrays of numpy.
#include "fuzz/target.hpp"
#include "src/io/npy.hpp"

namespace demitasse {
namespace {

void Read(const std::string& bytes) { ReadNpy(MemoryFile(bytes).path()); }

std::vector<std::string> Seeds() {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  const std::string floats = WrittenBytes([&](const std::string& path) {
    WriteNpy(path, {2, 3}, values.data());
  });
  std::string fortran = floats;
  fortran.replace(fortran.find("False"), 5, "True ");
  std::string halves = floats;
  halves.replace(halves.find("<f4"), 3, ">f2");
  return {floats, fortran, halves};
}

}  // namespace

const bool kNpyTarget = RegisterFuzzTarget({"npy", Read, Seeds});

}  // namespace demitasse
