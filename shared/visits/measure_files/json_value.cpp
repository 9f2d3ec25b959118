// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/json_value.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "shared/visits/measure_files/limits.h"

namespace doorstep::measure_files {
namespace {

using Json = nlohmann::json;

// Builds values from the library's events. The library does not say where an event's token stands;
// since events come in the order of tokens, the text is followed beside it.
class JsonBuilder {
 public:
  explicit JsonBuilder(const TextFile& file) : file_(file), at_(file.begin) {}

  bool null() { return add(JsonValue::Kind::Null); }
  bool boolean(bool flag) {
    JsonValue* value = add(JsonValue::Kind::Flag);
    if (value)
      value->flag = flag;
    return value != nullptr;
  }
  bool number_integer(Json::number_integer_t) { return addNumber(); }
  bool number_unsigned(Json::number_unsigned_t) { return addNumber(); }
  bool number_float(Json::number_float_t, const std::string&) { return addNumber(); }
  bool string(std::string& text) {
    JsonValue* value = add(JsonValue::Kind::Text);
    if (value)
      value->text = std::move(text);
    return value != nullptr;
  }
  bool binary(Json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(JsonValue::Kind::Object); }
  bool start_array(std::size_t) { return open(JsonValue::Kind::Array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    const std::size_t offset = takeToken();
    if (!keys_.back().insert(name).second)
      return refuse(offset, shownValue(name) + ": this key stands twice in its object");
    open_.back()->names.push_back(std::move(name));
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& fault) {
    // The position is that of the last byte that was read, from 1.
    const std::size_t offset = file_.begin + (position > 0 ? position - 1 : 0);
    constexpr int kNumberTooLarge = 406;
    return refuse(std::min(offset, file_.text.size()), fault.id == kNumberTooLarge
                                                           ? "no program reads so large a number"
                                                           : "this is no JSON");
  }

  const std::optional<Error>& error() const { return error_; }
  JsonValue takeRoot() { return std::move(root_); }

 private:
  bool refuse(std::size_t offset, std::string_view message) {
    error_ = faultAt(file_, offset, message);
    return false;
  }

  // The place of the next token; goes behind it.
  std::size_t takeToken() {
    const std::string& text = file_.text;
    at_ = std::min(text.find_first_not_of(" \t\r\n,:", at_), text.size());
    const std::size_t begin = at_;
    if (begin == text.size())
      return begin;
    if (text[at_] == '"') {
      for (++at_; at_ < text.size() && text[at_] != '"'; ++at_)
        at_ += text[at_] == '\\' ? 1 : 0;
      ++at_;
    } else if (std::string_view("{}[]").find(text[at_]) != std::string_view::npos) {
      ++at_;
    } else {
      at_ = text.find_first_of(" \t\r\n,:{}[]", at_);
    }
    at_ = std::min(at_, text.size());
    return begin;
  }

  JsonValue* add(JsonValue::Kind kind) {
    const std::size_t offset = takeToken();
    if (++values_ > kJsonValuesMax) {
      refuse(offset, "the file has too many values");
      return nullptr;
    }
    JsonValue* value = open_.empty() ? &root_ : &open_.back()->items.emplace_back();
    value->kind = kind;
    value->offset = offset;
    return value;
  }

  bool addNumber() {
    JsonValue* value = add(JsonValue::Kind::OtherNumber);
    if (!value)
      return false;
    value->text = file_.text.substr(value->offset, at_ - value->offset);
    if (std::all_of(value->text.begin(), value->text.end(),
                    [](char digit) { return digit >= '0' && digit <= '9'; }))
      value->kind = JsonValue::Kind::Whole;
    return true;
  }

  bool open(JsonValue::Kind kind) {
    JsonValue* value = add(kind);
    if (!value)
      return false;
    if (open_.size() == kJsonDepthMax)
      return refuse(value->offset, "values are nested too deep");
    // An open value is the last of its parent's items, which do not move before it is closed.
    open_.push_back(value);
    keys_.emplace_back();
    return true;
  }

  bool close() {
    takeToken();
    open_.pop_back();
    keys_.pop_back();
    return true;
  }

  const TextFile& file_;
  std::size_t at_;
  std::size_t values_ = 0;
  JsonValue root_;
  std::vector<JsonValue*> open_;
  std::vector<std::set<std::string>> keys_;
  std::optional<Error> error_;
};

}  // namespace

const JsonValue* JsonValue::member(std::string_view name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  return kind != Kind::Object || found == names.end()
             ? nullptr
             : &items[static_cast<std::size_t>(found - names.begin())];
}

Result<JsonValue> readJson(const TextFile& file) {
  if (file.firstBadByte < file.text.size())
    return faultAt(file, file.firstBadByte, badByteMessage(file));
  JsonBuilder builder(file);
  const std::string_view text = std::string_view(file.text).substr(file.begin);
  Json::sax_parse(text, &builder);
  if (builder.error())
    return *builder.error();
  return builder.takeRoot();
}

}  // namespace doorstep::measure_files
