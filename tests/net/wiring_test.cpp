#include "src/net/wiring.hpp"

#include "src/net/filter.hpp"
#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

struct Wired {
  std::vector<PlannedLayer> layers;
  Wiring wiring;
  std::string errors;
};

Wired Wire(const std::string& text) {
  const NetSource read = Parse(text);
  Diagnostics diagnostics;
  Wired wired;
  wired.layers = FilterLayers(read.net, *read.source, &diagnostics);
  wired.wiring = Connect(wired.layers, read.net, *read.source, &diagnostics);
  wired.errors = AllErrors(diagnostics);
  return wired;
}

std::string Errors(const std::string& text) { return Wire(text).errors; }

TEST(Wiring, ConnectsABottomWithTheTopOfItsName) {
  const Wiring wiring = Wire(
                            "layer { name: 'in' top: 'a' top: 'b' }"
                            "layer { name: 'sum' bottom: 'b' bottom: 'a' top: 'c' }")
                            .wiring;
  ASSERT_EQ(wiring.values.size(), 3U);
  EXPECT_EQ(wiring.values[1].blob, "b");
  EXPECT_EQ(wiring.values[1].layer, 0U);
  EXPECT_EQ(wiring.values[1].top, 1);
  ASSERT_EQ(wiring.values[1].readers.size(), 1U);
  EXPECT_EQ(wiring.values[1].readers[0].layer, 1U);
  EXPECT_EQ(wiring.values[1].readers[0].bottom, 0);
  EXPECT_EQ(wiring.bottoms, (std::vector<std::vector<size_t>>{{}, {1, 0}}));
  EXPECT_EQ(wiring.tops, (std::vector<std::vector<size_t>>{{0, 1}, {2}}));
}

TEST(Wiring, ALayerInPlaceReadsOneValueAndWritesAnother) {
  const Wired wired = Wire(
      "layer { top: 'a' } layer { bottom: 'a' top: 'a' }"
      "layer { bottom: 'a' top: 'b' } layer { bottom: 'a' top: 'c' }");
  EXPECT_EQ(wired.errors, "");
  ASSERT_EQ(wired.wiring.values.size(), 4U);
  EXPECT_EQ(wired.wiring.values[0].readers.size(), 1U);
  EXPECT_EQ(wired.wiring.values[1].blob, "a");
  EXPECT_EQ(wired.wiring.values[1].readers.size(), 2U);
}

TEST(Wiring, ALayerMayReadABlobTwice) {
  const Wired wired = Wire("layer { top: 'a' } layer { bottom: 'a' bottom: 'a' top: 'b' }");
  EXPECT_EQ(wired.errors, "");
  EXPECT_EQ(wired.wiring.values[0].readers.size(), 2U);
}

TEST(Wiring, SaysWhichBlobsThereAreWhenABottomIsMissing) {
  EXPECT_EQ(Errors("layer { name: 'd' top: 'data' top: 'label' }\n"
                   "layer { name: 'loss' type: 'SoftmaxWithLoss'\n"
                   "  bottom: 'data' bottom: 'lable' }"),
            "net:3:26: error: layer 'loss' (SoftmaxWithLoss): bottom[1] 'lable' is not produced by "
            "any layer above; did you mean 'label'? known blobs: data, label\n");
  EXPECT_EQ(Errors("layer { name: 'd' top: 'data' }\n"
                   "layer { name: 'r' type: 'ReLU' bottom: 'conv1' }"),
            "net:2:40: error: layer 'r' (ReLU): bottom[0] 'conv1' is not produced by any layer "
            "above; known blobs: data\n");
}

TEST(Wiring, NamesTheNearestBlobsOfALargeNet) {
  std::string text = "layer { name: 'in' ";
  for (int i = 0; i < 14; ++i) text += "top: 'blob" + std::to_string(i) + "' ";
  EXPECT_EQ(Errors(text + "}\nlayer { name: 'r' type: 'ReLU' bottom: 'x' }"),
            "net:2:40: error: layer 'r' (ReLU): bottom[0] 'x' is not produced by any layer above; "
            "known blobs: ..., blob2, blob3, blob4, blob5, blob6, blob7, blob8, blob9, blob10, "
            "blob11, blob12, blob13\n");
}

TEST(Wiring, SaysWhenThereAreNoBlobsYet) {
  EXPECT_EQ(Errors("layer { name: 'r' type: 'ReLU' bottom: 'data' top: 'out' }"),
            "net:1:40: error: layer 'r' (ReLU): bottom[0] 'data' is not produced by any layer "
            "above; no blobs are known here\n");
}

TEST(Wiring, SaysWhenALayerBelowProducesTheBottom) {
  EXPECT_EQ(Errors("layer { name: 'r' type: 'ReLU' bottom: 'conv1' top: 'out' }"
                   "layer { name: 'c' top: 'conv1' }"),
            "net:1:40: error: layer 'r' (ReLU): bottom[0] 'conv1' is not produced by any layer "
            "above; layer 'c' below produces it: layers run in the order they are written\n");
}

TEST(Wiring, SaysWhenTheProducerTakesNoPart) {
  EXPECT_EQ(Errors("layer { name: 'd' top: 'label' include { phase: TRAIN } }"
                   "layer { bottom: 'label' name: 'l' type: 'EuclideanLoss' }"),
            "net:1:74: error: layer 'l' (EuclideanLoss): bottom[0] 'label' is not produced by any "
            "layer above; layer 'd' would produce it, but its include and exclude rules leave it "
            "out here\n");
}

TEST(Wiring, SaysWhenALayerReadsItsOwnTop) {
  EXPECT_EQ(Errors("layer { name: 'r' type: 'ReLU' bottom: 'x' top: 'x' }"),
            "net:1:40: error: layer 'r' (ReLU): bottom[0] 'x' is not produced by any layer above; "
            "it is the layer's own top, and nothing above writes it\n");
}

TEST(Wiring, RefusesATopThatIsThereAlready) {
  const std::string in = "layer { name: 'in' top: 'x' top: 'y' }\n";
  EXPECT_EQ(Errors(in + "layer { name: 'r' type: 'ReLU' bottom: 'y' top: 'x' }"),
            "net:2:49: error: layer 'r' (ReLU): top[0] 'x' is produced already by layer 'in'; give "
            "it a name of its own\n");
  EXPECT_EQ(Errors("layer { name: 'in' type: 'Input' top: 'x' top: 'x' }"),
            "net:1:48: error: layer 'in' (Input): top[1] 'x' is produced already by layer 'in'; "
            "give it a name of its own\n");
}

TEST(Wiring, InPlaceMeansTheSameNumberAmongBottomsAndTops) {
  EXPECT_EQ(Errors("layer { name: 'in' top: 'x' top: 'y' }\n"
                   "layer { name: 'sum' type: 'Eltwise' bottom: 'x' bottom: 'y' top: 'y' }"),
            "net:2:66: error: layer 'sum' (Eltwise): top[0] 'y' is produced already by layer 'in'; "
            "give it a name of its own\n");
}

TEST(Wiring, RefusesToChangeInPlaceWhatOthersRead) {
  const std::string expected =
      ": error: layer 'r' (ReLU): changes 'x' in place, but layer 'p' reads it too; give the top "
      "another name\n";
  const std::string in = "layer { name: 'in' top: 'x' }\n";
  const std::string relu = "layer { name: 'r' type: 'ReLU' bottom: 'x' top: 'x' }\n";
  const std::string pool = "layer { name: 'p' type: 'Pooling' bottom: 'x' top: 'y' }\n";
  EXPECT_EQ(Errors(in + pool + relu), "net:3:49" + expected);
  EXPECT_EQ(Errors(in + relu + pool), "") << "p reads what r wrote";
}

TEST(Wiring, RefusesToChangeInPlaceWhatTheLayerItselfReadsTwice) {
  EXPECT_EQ(Errors("layer { name: 'in' top: 'x' }\n"
                   "layer { name: 's' type: 'Eltwise' bottom: 'x' bottom: 'x' top: 'x' }"),
            "net:2:64: error: layer 's' (Eltwise): changes 'x' in place, but layer 's' reads it "
            "too; give the top another name\n");
}

TEST(Wiring, RefusesToChangeALossInPlace) {
  EXPECT_EQ(Errors("layer { name: 'ip' top: 'x' loss_weight: 2 }\n"
                   "layer { name: 'r' type: 'ReLU' bottom: 'x' top: 'x' }"),
            "net:2:49: error: layer 'r' (ReLU): changes 'x' in place, but layer 'ip' gives it a "
            "loss_weight; give the top another name\n");
}

TEST(Wiring, HintsAtTheFirstHundredMissingBottoms) {
  std::string text = "layer { name: 'in' top: 'label' }\n";
  for (int i = 0; i < 103; ++i) text += "layer { name: 'r' bottom: 'lable' }\n";
  const std::string errors = Errors(text);
  const auto count = [&errors](const std::string& part) {
    int found = 0;
    for (size_t at = errors.find(part); at != std::string::npos; at = errors.find(part, at + 1)) {
      ++found;
    }
    return found;
  };
  EXPECT_EQ(103, count("'lable' is not produced by any layer above"));
  EXPECT_EQ(100, count("did you mean 'label'?"));
}

TEST(Wiring, FindsAllMistakes) {
  EXPECT_EQ(
      Errors("layer { name: 'a' bottom: 'x' top: 'y' }\nlayer { name: 'b' top: 'y' }"),
      "net:1:27: error: layer 'a': bottom[0] 'x' is not produced by any layer above; no blobs "
      "are known here\n"
      "net:2:24: error: layer 'b': top[0] 'y' is produced already by layer 'a'; give it a "
      "name of its own\n");
}

}  // namespace
}  // namespace demitasse
