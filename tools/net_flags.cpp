#include "tools/net_flags.hpp"

#include <limits>

#include "demitasse/log.hpp"

namespace demitasse {

Flag PhaseFlag(caffe::Phase* phase) {
  return ChoiceFlag<caffe::Phase>(
      "phase", phase, {{"TEST", caffe::TEST}, {"TRAIN", caffe::TRAIN}},
      "the phase, for include and exclude rules and for layers such as Dropout");
}

Flag LevelFlag(int* level) {
  return WholeFlag("level", level, std::numeric_limits<int>::min(), std::numeric_limits<int>::max(),
                   "the level, for include and exclude rules");
}

Flag StageFlag(std::vector<std::string>* stages) {
  return ListFlag("stage", "NAME", stages, "the stages, for the same rules");
}

Flag LenientFlag(bool* lenient) {
  return SwitchFlag("lenient", lenient,
                    "warn of unknown fields in the prototxt instead of refusing them");
}

Flag InputShapeFlag(std::vector<std::string>* shapes) {
  return ListFlag("input_shape", "BLOB=NxCxHxW", shapes,
                  "shapes of inputs other than those in the net: data=16x3x224x224");
}

Flag EngineFlag(Engine* engine) {
  Flag flag = ChoiceFlag<Engine>(
      "engine", engine,
      {{"auto", Engine::kAuto}, {"reference", Engine::kReference}, {"onednn", Engine::kOneDnn}},
      "what computes: the fastest that can, plain loops and BLAS, or "
      "oneDNN wherever it can");
#ifndef DEMITASSE_WITH_ONEDNN
  flag.set = [set = flag.set, engine](const std::string& value) {
    set(value);
    if (*engine == Engine::kOneDnn) throw UsageError("this program was built without oneDNN");
  };
#endif
  return flag;
}

Flag ThreadsFlag(int* threads) {
  return WholeFlag("threads", threads, 0, 1024, "threads to compute with; 0: all cores");
}

Flag MemoryLimitFlag(int64_t* bytes) {
  return BytesFlag("memory_limit", bytes,
                   "memory that blobs may take, in bytes or as 512M, 2G; 0: the machine's");
}

Flag GpuFlag(std::string* gpu) {
  return TextFlag("gpu", "IDS", gpu, "as in Caffe, but there is no code for a GPU: warns");
}

void WarnOfGpu(const std::string& gpu) {
  if (!gpu.empty()) LogWarning("--gpu: there is no code for a GPU; the CPU computes");
}

}  // namespace demitasse
