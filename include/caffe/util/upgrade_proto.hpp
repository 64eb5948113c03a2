// Nets and solvers from files, brought to today's form.
#ifndef DEMITASSE_CAFFE_UTIL_UPGRADE_PROTO_HPP_
#define DEMITASSE_CAFFE_UTIL_UPGRADE_PROTO_HPP_

#include <string>

#include "caffe/common.hpp"
#include "demitasse/caffe.pb.h"
#include "demitasse/export.hpp"

namespace caffe {

// All throw demitasse::Error for the first mistake.
DEMITASSE_API void ReadNetParamsFromTextFileOrDie(const std::string& param_file,
                                                  NetParameter* param);
DEMITASSE_API void ReadNetParamsFromBinaryFileOrDie(const std::string& param_file,
                                                    NetParameter* param);
DEMITASSE_API void ReadSolverParamsFromTextFileOrDie(const std::string& param_file,
                                                     SolverParameter* param);

// `param_file` stands in messages. Return true.
DEMITASSE_API bool UpgradeNetAsNeeded(const std::string& param_file, NetParameter* param);
DEMITASSE_API bool UpgradeSolverAsNeeded(const std::string& param_file, SolverParameter* param);

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_UTIL_UPGRADE_PROTO_HPP_
