// The formats that DatasetWriter chooses from.
#ifndef DEMITASSE_TOOLS_DATASET_FORMATS_HPP_
#define DEMITASSE_TOOLS_DATASET_FORMATS_HPP_

#include <memory>

#include "tools/dataset_output.hpp"

namespace demitasse {

// Each throws Error if the output cannot be made.
std::unique_ptr<DatasetFormat> MakeLmdbFormat(const DatasetOptions& options);
std::unique_ptr<DatasetFormat> MakeHdf5Format(const DatasetOptions& options);
std::unique_ptr<DatasetFormat> MakePngFormat(const DatasetOptions& options);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_DATASET_FORMATS_HPP_
