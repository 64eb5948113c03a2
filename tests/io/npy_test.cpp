#include "src/io/npy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/io/io_test_files.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// A file of format 1.0 with this dict.
std::string Npy(const std::string& dict, const std::string& data) {
  std::string start("\x93NUMPY\x01\x00\x00\x00", 10);
  start[8] = static_cast<char>(dict.size() & 0xff);
  start[9] = static_cast<char>(dict.size() >> 8);
  return start + dict + data;
}

std::string Dict(const std::string& descr, const std::string& shape,
                 const std::string& fortran_order = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran_order + ", 'shape': " + shape +
         ", }\n";
}

NdArray Read(const std::string& bytes) {
  const std::string path = TempPath("read.npy");
  WriteBytes(path, bytes);
  return ReadNpy(path);
}

std::string ReadError(const std::string& bytes) {
  return ErrorAt(TempPath("read.npy"), [&] { Read(bytes); });
}

std::string Bytes(std::initializer_list<int> values) { return {values.begin(), values.end()}; }

// What an array of the type reads as.
std::vector<float> Values(const std::string& descr, const std::string& data, int count) {
  return Read(Npy(Dict(descr, "(" + std::to_string(count) + ",)"), data)).values;
}

TEST(NpyTest, WritesWhatNumpyWrites) {
  const std::string path = TempPath("a.npy");
  const float values[] = {1, 2, 3, 4, 5, -0.5F};
  WriteNpy(path, {2, 3}, values);
  const std::string data = Bytes({0, 0, 0x80, 0x3f, 0, 0, 0,    0x40, 0, 0, 0x40, 0x40,
                                  0, 0, 0x80, 0x40, 0, 0, 0xa0, 0x40, 0, 0, 0,    0xbf});
  const std::string dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  EXPECT_EQ(Npy(dict + std::string(58, ' ') + "\n", data), ReadBytes(path));
}

TEST(NpyTest, WritesShapesOfAnyRank) {
  const std::string path = TempPath("a.npy");
  const float value = 7;
  WriteNpy(path, {}, &value);
  EXPECT_THAT(ReadBytes(path), HasSubstr("'shape': (), }"));
  EXPECT_EQ(128u + 4u, ReadBytes(path).size());
  EXPECT_THAT(ReadNpy(path).shape, IsEmpty());
  EXPECT_THAT(ReadNpy(path).values, ElementsAre(7));
  WriteNpy(path, {1}, &value);
  EXPECT_THAT(ReadBytes(path), HasSubstr("'shape': (1,), }"));
  EXPECT_THAT(ReadNpy(path).shape, ElementsAre(1));
  WriteNpy(path, {3, 0, 2}, nullptr);
  EXPECT_THAT(ReadNpy(path).shape, ElementsAre(3, 0, 2));
  EXPECT_THAT(ReadNpy(path).values, IsEmpty());
}

TEST(NpyTest, KeepsLargeArrays) {
  const std::string path = TempPath("a.npy");
  std::vector<float> values(600001);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  WriteNpy(path, {600001}, values.data());
  EXPECT_EQ(values, ReadNpy(path).values);
}

TEST(NpyTest, ReadsFloats) {
  EXPECT_THAT(Values("<f4", Bytes({0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0}), 2), ElementsAre(1, -2.5));
  EXPECT_THAT(Values(">f4", Bytes({0x3f, 0x80, 0, 0}), 1), ElementsAre(1));
  EXPECT_THAT(Values("<f8", Bytes({0, 0, 0, 0, 0, 0, 0xf8, 0x3f}), 1), ElementsAre(1.5));
  EXPECT_THAT(Values(">f8", Bytes({0xc0, 0, 0, 0, 0, 0, 0, 0}), 1), ElementsAre(-2));
}

TEST(NpyTest, ReadsHalfPrecision) {
  // 1, -2, 65504 (the largest), 2^-24 (the smallest), 0.333251953125, infinity, not a number
  const std::string data =
      Bytes({0, 0x3c, 0, 0xc0, 0xff, 0x7b, 1, 0, 0x55, 0x35, 0, 0x7c, 0, 0x7e});
  const std::vector<float> values = Values("<f2", data, 7);
  EXPECT_THAT(std::vector<float>(values.begin(), values.end() - 2),
              ElementsAre(1, -2, 65504, std::ldexp(1.0F, -24), 0.333251953125F));
  EXPECT_EQ(std::numeric_limits<float>::infinity(), values[5]);
  EXPECT_TRUE(std::isnan(values[6]));
  EXPECT_THAT(Values(">f2", Bytes({0x3c, 0}), 1), ElementsAre(1));
}

TEST(NpyTest, ReadsIntegers) {
  EXPECT_THAT(Values("|u1", Bytes({0, 127, 255}), 3), ElementsAre(0, 127, 255));
  EXPECT_THAT(Values("|i1", Bytes({127, 0x80}), 2), ElementsAre(127, -128));
  EXPECT_THAT(Values("<i2", Bytes({1, 2, 0xff, 0xff}), 2), ElementsAre(513, -1));
  EXPECT_THAT(Values(">u2", Bytes({1, 2, 0xff, 0xff}), 2), ElementsAre(258, 65535));
  EXPECT_THAT(Values("<i4", Bytes({0xfe, 0xff, 0xff, 0xff}), 1), ElementsAre(-2));
  EXPECT_THAT(Values("<u4", Bytes({0, 0, 0, 0x80}), 1), ElementsAre(2147483648.0F));
  EXPECT_THAT(Values(">i8", Bytes({0, 0, 0, 0, 0, 0, 1, 0}), 1), ElementsAre(256));
  EXPECT_THAT(Values("<i8", Bytes({0, 0, 0, 0, 0, 0, 0, 0x80}), 1),
              ElementsAre(-std::ldexp(1, 63)));
  EXPECT_THAT(Values("<u8", Bytes({0, 0, 0, 0, 0, 0, 0, 0x80}), 1), ElementsAre(std::ldexp(1, 63)));
  EXPECT_THAT(Values("|b1", Bytes({0, 1}), 2), ElementsAre(0, 1));
}

TEST(NpyTest, FortranOrderBecomesRowMajor) {
  const NdArray array =
      Read(Npy(Dict("|u1", "(2, 3, 2)", "True"), Bytes({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})));
  EXPECT_THAT(array.shape, ElementsAre(2, 3, 2));
  EXPECT_THAT(array.values, ElementsAre(0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11));
  EXPECT_THAT(Read(Npy(Dict("|u1", "()", "True"), "\x05")).values, ElementsAre(5));
  EXPECT_THAT(Read(Npy(Dict("|u1", "(2, 0)", "True"), "")).values, IsEmpty());
}

TEST(NpyTest, ReadsFormats2And3) {
  const std::string dict = Dict("|u1", "(2,)");
  for (const char version : {'\x02', '\x03'}) {
    const std::string start =
        std::string("\x93NUMPY") + version + Bytes({0, static_cast<int>(dict.size()), 0, 0, 0});
    EXPECT_THAT(Read(start + dict + "\x01\x02").values, ElementsAre(1, 2));
  }
}

TEST(NpyTest, ReadsOtherSpellingsOfTheDict) {
  const std::string dict =
      " { \"shape\" :( 1L,2 , ),\n'fortran_order':False,\"descr\":'u1'}   \n";  // Python 2's 1L
  const NdArray array = Read(Npy(dict, "\x01\x02"));
  EXPECT_THAT(array.shape, ElementsAre(1, 2));
  EXPECT_THAT(array.values, ElementsAre(1, 2));
}

TEST(NpyTest, SaysWhatAFileIsInstead) {
  EXPECT_EQ("cannot open the file: No such file or directory",
            ErrorAt("none.npy", [] { ReadNpy("none.npy"); }));
  EXPECT_EQ("the file is empty; an npy file is needed", ReadError(""));
  EXPECT_EQ("this is not an npy file: it does not start with \\x93NUMPY", ReadError("name: \"x\""));
  EXPECT_THAT(ReadError("PK\x03\x04 and so on"), StartsWith("this is a zip archive"));
}

TEST(NpyTest, SaysWhereATruncatedHeaderEnds) {
  const std::string whole = Npy(Dict("<f4", "(2, 3)"), "");
  EXPECT_EQ("this is not an npy file: it does not start with \\x93NUMPY",
            ReadError(whole.substr(0, 5)));
  EXPECT_EQ("the file ends inside the npy header", ReadError(whole.substr(0, 7)));
  EXPECT_EQ("the file ends inside the npy header", ReadError(whole.substr(0, 9)));
  EXPECT_EQ("the file ends inside the npy header, after 20 of its 60 bytes: it is truncated",
            ReadError(whole.substr(0, 30)));
  EXPECT_EQ("npy format 9.0 is not supported; the formats 1.0, 2.0 and 3.0 are",
            ReadError(std::string("\x93NUMPY\x09\x00", 8) + "rest"));
  EXPECT_EQ(
      "the npy header claims to be 4294967295 bytes long, more than 1048576: the file is damaged",
      ReadError(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12) + "rest"));
}

TEST(NpyTest, SaysWhatIsWrongInTheHeader) {
  const auto error = [](const std::string& dict) { return ReadError(Npy(dict, "")); };
  EXPECT_EQ("the npy header is not understood: expected '{' at its character 0; it is nonsense",
            error("nonsense"));
  EXPECT_THAT(error("{'descr': '<f4', 'shape': (1,)}"), HasSubstr("'fortran_order' is missing"));
  EXPECT_THAT(error("{'descr': '<f4', 'descr': '<f4'}"), HasSubstr("'descr' stands there twice"));
  EXPECT_THAT(error("{'dtype': '<f4'}"), HasSubstr("the key 'dtype' is none of descr"));
  EXPECT_THAT(error("{'descr': '<f4"), HasSubstr("expected the end of the string"));
  EXPECT_THAT(error("{'descr' '<f4'}"), HasSubstr("expected ':'"));
  EXPECT_THAT(error(Dict("<f4", "(1,)", "Maybe")), HasSubstr("expected True or False"));
  EXPECT_THAT(error(Dict("<f4", "3")), HasSubstr("expected '('"));
  EXPECT_THAT(error(Dict("<f4", "(3)")), HasSubstr("expected ',' in a shape of one dimension"));
  EXPECT_THAT(error(Dict("<f4", "(3 4)")), HasSubstr("expected ',' or ')'"));
  EXPECT_THAT(error(Dict("<f4", "(3, x)")), HasSubstr("expected a dimension"));
  EXPECT_THAT(error(Dict("<f4", "(,)")), HasSubstr("expected a dimension"));
  EXPECT_THAT(error(Dict("<f4", "(1,)") + "1"), HasSubstr("expected nothing after '}'"));
  EXPECT_THAT(error("{\x1b[31m"), HasSubstr("it is {?[31m"));
}

TEST(NpyTest, RefusesImpossibleShapes) {
  const auto error = [](const std::string& shape) {
    return ReadError(Npy(Dict("<f4", shape), ""));
  };
  EXPECT_THAT(error("(2, -3)"), HasSubstr("a dimension must not be negative"));
  EXPECT_THAT(error("(2147483648,)"), HasSubstr("a dimension must be at most 2147483647"));
  EXPECT_THAT(error("(99999999999999999999999999999999,)"),
              HasSubstr("must be at most 2147483647"));
  EXPECT_THAT(error("(2147483647, 2147483647, 2147483647)"), HasSubstr("too large"));
  EXPECT_THAT(error("(" + std::string(10000, '(')), HasSubstr("expected a dimension"));
}

TEST(NpyTest, NamesTheDtypeThatIsNotSupported) {
  const auto error = [](const std::string& descr) {
    return ReadError(Npy(Dict(descr, "(1,)"), std::string(16, 'x')));
  };
  EXPECT_EQ(
      "the array's dtype '<c8' is not supported; the supported ones are float16, float32, float64, "
      "int8, int16, int32, int64, uint8, uint16, uint32, uint64 and bool (convert it with numpy's "
      "astype)",
      error("<c8"));
  EXPECT_THAT(error("|O"), StartsWith("the array's dtype '|O' is not supported"));
  EXPECT_THAT(error(""), StartsWith("the array's dtype '' is not supported"));
  EXPECT_THAT(ReadError(Npy("{'descr': [('x', '<f4'), ('y', '<f4')], 'shape': (1,)}", "")),
              StartsWith("the array's dtype [('x', '<f4'), ('y', '<f4')]"));
}

TEST(NpyTest, RefusesMissingData) {
  EXPECT_EQ(
      "an array of 2 3 (6) <f4 needs 24 bytes, the file holds 23 after its header: it is truncated",
      ReadError(Npy(Dict("<f4", "(2, 3)"), std::string(23, 'x'))));
  EXPECT_EQ(
      "an array of 1000000 1000000 1000 (1000000000000000) <f8 needs 8000000000000000 bytes, the "
      "file holds 3 after its header: it is truncated",
      ReadError(Npy(Dict("<f8", "(1000000, 1000000, 1000)"), "xyz")));
}

TEST(NpyTest, WarnsOfMoreData) {
  const WarningLog log;
  EXPECT_THAT(Values("|u1", "\x01\x02\x03", 2), ElementsAre(1, 2));
  EXPECT_THAT(log.messages,
              ElementsAre(TempPath("read.npy") +
                          ": more bytes follow the array of 2 (2); they are ignored"));
}

TEST(NpyTest, FailedWriteLeavesNothing) {
  const float value = 1;
  EXPECT_EQ("cannot write the file: No space left on device",
            ErrorAt("/dev/full", [&] { WriteNpy("/dev/full", {1}, &value); }));
  const std::string path = TempPath("missing/a.npy");
  EXPECT_EQ("cannot create the file: No such file or directory",
            ErrorAt(path, [&] { WriteNpy(path, {1}, &value); }));
}

}  // namespace
}  // namespace demitasse
