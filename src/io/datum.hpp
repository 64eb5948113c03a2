// Datum messages: the records of Caffe's data sets.
#ifndef DEMITASSE_SRC_IO_DATUM_HPP_
#define DEMITASSE_SRC_IO_DATUM_HPP_

#include <string>
#include <string_view>

#include "demitasse/caffe.pb.h"
#include "src/io/pixel_array.hpp"

namespace demitasse {

// Throws Error, without a place, if the bytes are no Datum.
caffe::Datum ParseDatum(std::string_view bytes);

// What to make of an encoded picture's channels.
enum class PictureColor { kAsStored, kColor, kGray };

// The values of a datum: `data`, or else `float_data`. An encoded picture is decoded, as described
// in picture.hpp, to the channels that `color` asks for, three of them in the order BGR; `name`
// says in warnings what it is. Throws Error if the values are not as many as the datum's sizes
// need, or the picture is damaged.
PixelArray DatumToPixels(const caffe::Datum& datum, PictureColor color, const std::string& name);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_DATUM_HPP_
