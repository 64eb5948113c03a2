// Classifies pictures: classify NET.prototxt NET.caffemodel CLASSES.txt PICTURE...
//
// All pictures go through the net as one batch. CLASSES.txt has the name of a class in each line.
#include <algorithm>
#include <cstdio>
#include <demitasse/demitasse.hpp>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

namespace {

std::vector<std::string> ReadLines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  if (lines.empty()) throw demitasse::Error(path + ": there are no names of classes");
  return lines;
}

void PrintBest(const float* scores, const std::vector<std::string>& classes) {
  std::vector<size_t> order(classes.size());
  std::iota(order.begin(), order.end(), 0);
  const size_t best = std::min<size_t>(3, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(best), order.end(),
                    [scores](size_t a, size_t b) { return scores[a] > scores[b]; });
  for (size_t i = 0; i < best; ++i) {
    std::printf("  %.4f  %s\n", scores[order[i]], classes[order[i]].c_str());
  }
}

void Classify(const std::string& prototxt, const std::string& weights,
              const std::vector<std::string>& classes, const std::vector<std::string>& pictures) {
  demitasse::Net net(prototxt);
  net.CopyTrainedLayersFrom(weights);
  net.Optimize();  // for Forward alone: faster, in less memory

  // What the net was trained on: here values from 0 to 1. Many nets want
  // `preparation.mean = {104, 117, 123}` instead.
  demitasse::PictureInput preparation;
  preparation.scale = 1 / 255.0f;

  demitasse::Blob* const input = net.input_blobs().at(0);
  const int count = static_cast<int>(pictures.size());
  input->Reshape(count, input->channels(), input->height(), input->width());
  for (int i = 0; i < count; ++i) LoadPicture(pictures[i], preparation, i, input);

  const demitasse::Blob& scores = *net.Forward().at(0);
  if (scores.size() != count * static_cast<int64_t>(classes.size())) {
    throw demitasse::Error("the net gives " + std::to_string(scores.size() / count) +
                           " scores for a picture, but there are " +
                           std::to_string(classes.size()) + " names of classes");
  }
  for (int i = 0; i < count; ++i) {
    std::printf("%s\n", pictures[i].c_str());
    PrintBest(scores.cpu_data() + scores.offset(i), classes);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: %s NET.prototxt NET.caffemodel CLASSES.txt PICTURE...\n", argv[0]);
    return 2;
  }
  try {
    Classify(argv[1], argv[2], ReadLines(argv[3]), {argv + 4, argv + argc});
  } catch (const demitasse::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
