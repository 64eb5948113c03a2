// The blobs of a net as the user wrote them, without the copies that the net makes.
#ifndef DEMITASSE_TOOLS_NET_BLOBS_HPP_
#define DEMITASSE_TOOLS_NET_BLOBS_HPP_

#include <cstddef>
#include <map>
#include <string>

#include "demitasse/net.hpp"

namespace demitasse {

// Whether the net put the layer in to copy a blob that several layers read.
bool IsNetsOwnSplit(const Net& net, size_t layer);

// The name of each blob; a copy has that of the original.
std::map<const Blob*, std::string> BlobNames(const Net& net);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_NET_BLOBS_HPP_
