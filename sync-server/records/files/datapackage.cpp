// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/files/datapackage.h"

#include <nlohmann/json.hpp>

#include "shared/core/local_time.h"

namespace doorstep::records {
namespace {

using Json = nlohmann::ordered_json;

const char* typeName(FieldType type) {
  switch (type) {
    case FieldType::Text:
    case FieldType::Code:
      return "string";
    case FieldType::Time:
      return "datetime";
    case FieldType::Day:
      return "date";
    case FieldType::Whole:
      return "integer";
    case FieldType::Decimal:
      return "number";
    case FieldType::Flag:
      return "boolean";
  }
  return "string";
}

Json fieldOf(const ExportColumn& column, PackagedAs as) {
  Json field = {{"name", column.name}, {"type", typeName(column.type)}};
  if (column.type == FieldType::Time)
    field["format"] = "%Y-%m-%dT%H:%M:%S.%fZ";
  else if (column.type == FieldType::Day)
    field["format"] = "%Y-%m-%d";
  else
    field["format"] = "default";
  if (column.type == FieldType::Text && as == PackagedAs::Csv)
    field["formulaGuard"] = "'";
  Json constraints = Json::object();
  if (column.required)
    constraints["required"] = true;
  for (const std::string_view value : column.values)
    if (!value.empty())
      constraints["enum"].push_back(value);
  if (!constraints.empty())
    field["constraints"] = std::move(constraints);
  return field;
}

Json schemaOf(const PackagedFile& file) {
  Json schema = {{"fields", Json::array()}, {"missingValues", {""}}};
  for (const ExportColumn& column : file.columns)
    schema["fields"].push_back(fieldOf(column, file.as));
  if (!file.primaryKey.empty())
    schema["primaryKey"] = file.primaryKey;
  return schema;
}

Json resourceOf(const PackagedFile& file) {
  const bool isCsv = file.as == PackagedAs::Csv;
  const bool isLines = file.as == PackagedAs::JsonLines;
  Json resource = {{"name", file.name},
                   {"path", file.path},
                   {"title", file.title},
                   {"profile", isCsv ? "tabular-data-resource" : "data-resource"},
                   {"format", isCsv     ? "csv"
                              : isLines ? "jsonl"
                                        : "json"},
                   {"mediatype", isCsv     ? "text/csv"
                                 : isLines ? "application/jsonl"
                                           : "application/json"},
                   {"encoding", "utf-8"},
                   {"bytes", file.bytes},
                   {"hash", "sha256:" + toHex(file.sha256.view())}};
  if (file.columns.empty())
    return resource;
  resource["rows"] = file.rows;
  if (isCsv)
    resource["dialect"] = {{"delimiter", ","},
                           {"lineTerminator", "\r\n"},
                           {"quoteChar", "\""},
                           {"doubleQuote", true},
                           {"header", true}};
  resource["schema"] = schemaOf(file);
  return resource;
}

void putWord(Json& object, const char* name, const std::string& word) {
  if (!word.empty())
    object[name] = word;
}

}  // namespace

std::string dataPackage(const PackageWords& words, const std::vector<PackagedFile>& files) {
  Json package = {{"profile", "data-package"},
                  {"name", "doorstep-export"},
                  {"title", "Visit records of home care"},
                  {"created", unixMsToUtc(words.asOfUnixMs)}};
  Json asked = Json::object();
  putWord(asked, "contract", words.contract);
  putWord(asked, "provider", words.provider);
  putWord(asked, "lot", words.lot);
  putWord(asked, "first_day", words.firstDay);
  putWord(asked, "last_day", words.lastDay);
  putWord(asked, "first_row_day", words.firstRowDay);
  putWord(asked, "last_row_day", words.lastRowDay);
  asked["as_of_utc"] = unixMsToUtc(words.asOfUnixMs);
  asked["timezone"] = "Europe/London";
  package["asked"] = std::move(asked);
  package["resources"] = Json::array();
  for (const PackagedFile& file : files)
    package["resources"].push_back(resourceOf(file));
  return package.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace doorstep::records
