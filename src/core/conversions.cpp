#include "src/core/conversions.hpp"

namespace demitasse {
namespace {

thread_local int64_t conversions = 0;

}  // namespace

int64_t Conversions() { return conversions; }
void CountConversion() { ++conversions; }

}  // namespace demitasse
