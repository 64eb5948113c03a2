#include "demitasse/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace demitasse {
namespace {

using testing::ThrowsMessage;

TEST(Location, PrintsAsMuchAsIsKnown) {
  EXPECT_EQ("net.prototxt:14:5", ToString({"net.prototxt", 14, 5}));
  EXPECT_EQ("net.prototxt:14", ToString({"net.prototxt", 14, 0}));
  EXPECT_EQ("net.prototxt", ToString({"net.prototxt", 0, 0}));
  EXPECT_EQ("line:14:5", ToString({"", 14, 5}));
  EXPECT_EQ("", ToString({}));
}

TEST(Error, IsALineReadyToPrint) {
  const Error error(Location{"net.prototxt", 14, 5}, "no such thing");
  EXPECT_STREQ("net.prototxt:14:5: error: no such thing", error.what());
  EXPECT_EQ("no such thing", error.message());
  EXPECT_EQ(14, error.where().line);
  EXPECT_EQ(ErrorKind::kInput, error.kind());
}

TEST(Error, MayHaveNoPlace) {
  const Error error("the disk is full", ErrorKind::kRun);
  EXPECT_STREQ("error: the disk is full", error.what());
  EXPECT_EQ(ErrorKind::kRun, error.kind());
}

TEST(Error, StaysOneLineWhateverItQuotes) {
  EXPECT_STREQ("error: no file 'a?b'", Error("no file 'a\nb'").what());
}

TEST(Diagnostics, IsAListOfErrorsAndWarnings) {
  Diagnostics diagnostics;
  EXPECT_FALSE(diagnostics.has_errors());
  diagnostics.AddWarning({"f", 3, 1}, "odd");
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_NO_THROW(diagnostics.ThrowIfErrors());
  diagnostics.Add(Error(Location{"f", 2, 1}, "wrong"));
  EXPECT_TRUE(diagnostics.has_errors());
  ASSERT_EQ(2u, diagnostics.list().size());
  EXPECT_EQ("f:3:1: warning: odd", diagnostics.list()[0].ToString());
  EXPECT_EQ("f:2:1: error: wrong", diagnostics.list()[1].ToString());
}

TEST(Diagnostics, ThrowsTheErrorThatStandsFirst) {
  Diagnostics diagnostics;
  diagnostics.AddWarning({"f", 1, 1}, "a");
  diagnostics.AddError({"f", 9, 1}, "b");
  diagnostics.AddError({"f", 4, 7}, "c");
  diagnostics.AddError({"f", 4, 2}, "d");
  diagnostics.AddError({"f", 4, 2}, "e");
  EXPECT_THAT([&] { diagnostics.ThrowIfErrors(); }, ThrowsMessage<Error>("f:4:2: error: d"));
}

}  // namespace
}  // namespace demitasse
