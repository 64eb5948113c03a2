// Everything a program needs to run and train nets and to add layers.
#ifndef DEMITASSE_DEMITASSE_HPP_
#define DEMITASSE_DEMITASSE_HPP_

#include "demitasse/blob.hpp"
#include "demitasse/error.hpp"
#include "demitasse/filler.hpp"
#include "demitasse/layer.hpp"
#include "demitasse/layer_registry.hpp"
#include "demitasse/log.hpp"
#include "demitasse/memory_data.hpp"
#include "demitasse/net.hpp"
#include "demitasse/picture.hpp"
#include "demitasse/plugin.hpp"
#include "demitasse/solver.hpp"
#include "demitasse/version.hpp"

#endif  // DEMITASSE_DEMITASSE_HPP_
