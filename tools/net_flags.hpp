// Flags of every command that runs nets.
#ifndef DEMITASSE_TOOLS_NET_FLAGS_HPP_
#define DEMITASSE_TOOLS_NET_FLAGS_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "demitasse/caffe.pb.h"
#include "demitasse/engine.hpp"
#include "tools/flags.hpp"

namespace demitasse {

Flag PhaseFlag(caffe::Phase* phase);
Flag LevelFlag(int* level);
Flag StageFlag(std::vector<std::string>* stages);
Flag LenientFlag(bool* lenient);
Flag InputShapeFlag(std::vector<std::string>* shapes);
// Refuses engines this program was built without.
Flag EngineFlag(Engine* engine);
Flag ThreadsFlag(int* threads);
Flag MemoryLimitFlag(int64_t* bytes);
// Caffe's --gpu: warned of, and otherwise without effect.
Flag GpuFlag(std::string* gpu);
void WarnOfGpu(const std::string& gpu);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_NET_FLAGS_HPP_
