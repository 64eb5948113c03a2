// fuzz_seeds FOLDER: writes the seeds of each target to FOLDER/TARGET, and to FOLDER/TARGET.dict
// the words of prototxt files, which are those of the schema.
#include <google/protobuf/descriptor.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <string>

#include "demitasse/caffe.pb.h"
#include "demitasse/layer_registry.hpp"
#include "fuzz/target.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;

void WriteSeeds(const FuzzTarget& target, const fs::path& folder) {
  fs::create_directories(folder);
  int number = 0;
  for (const std::string& seed : target.seeds()) {
    std::ofstream(folder / ("seed_" + std::to_string(number++)), std::ios::binary) << seed;
  }
}

void AddWords(const google::protobuf::EnumDescriptor& type, std::set<std::string>* words) {
  for (int i = 0; i < type.value_count(); ++i) words->insert(type.value(i)->name());
}

void AddWords(const google::protobuf::Descriptor& type, std::set<std::string>* words) {
  for (int i = 0; i < type.field_count(); ++i) words->insert(type.field(i)->name() + ": ");
  for (int i = 0; i < type.enum_type_count(); ++i) AddWords(*type.enum_type(i), words);
  for (int i = 0; i < type.nested_type_count(); ++i) AddWords(*type.nested_type(i), words);
}

std::set<std::string> SchemaWords() {
  const google::protobuf::FileDescriptor& file = *caffe::NetParameter::descriptor()->file();
  std::set<std::string> words = {"layer { ", "} ", "true", "2147483647", "-1", "0", "1e38", "nan"};
  for (int i = 0; i < file.message_type_count(); ++i) AddWords(*file.message_type(i), &words);
  for (int i = 0; i < file.enum_type_count(); ++i) AddWords(*file.enum_type(i), &words);
  for (const std::string& type : LayerRegistry::List()) words.insert("\\\"" + type + "\\\"");
  return words;
}

void WriteAll(const fs::path& folder) {
  for (const FuzzTarget& target : FuzzTargets()) WriteSeeds(target, folder / target.name);
  for (const char* target : {"prototxt", "net_run"}) {
    std::ofstream dictionary(folder / (std::string(target) + ".dict"));
    for (const std::string& word : SchemaWords()) dictionary << '"' << word << "\"\n";
  }
}

}  // namespace
}  // namespace demitasse

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: fuzz_seeds FOLDER\n";
    return 2;
  }
  demitasse::WriteAll(argv[1]);
  return 0;
}
