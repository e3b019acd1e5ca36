/* A table of names; the first of each field is the one that is asked for. */

#include "kb/cases/reply_name.h"

#include <stddef.h>

#include "kb/cases/same_name.h"

#define TEXT(literal)                                                          \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}
enum { NAMES = 24 };

static const struct slice names[REPLY_FIELDS][NAMES] = {
	[REPLY_ID] = { TEXT("id"),          TEXT("case id"),
	               TEXT("display id"),  TEXT("case"),
	               TEXT("case number"), TEXT("ticket"),
	               TEXT("ticket id"),   TEXT("案例"),
	               TEXT("案例id"),      TEXT("案例编号"),
	               TEXT("案例号"),      TEXT("工单"),
	               TEXT("工单id"),      TEXT("工单号"),
	               TEXT("工单编号"),    TEXT("编号"),
	               TEXT("케이스"),      TEXT("케이스 id"),
	               TEXT("케이스 번호"), TEXT("사례 id"),
	               TEXT("ケース"),      TEXT("ケースid"),
	               TEXT("ケース番号"),  TEXT("番号") },
	[REPLY_PROBLEM] = { TEXT("problem"),
	                    TEXT("issue"),
	                    TEXT("symptom"),
	                    TEXT("problem summary"),
	                    TEXT("summary"),
	                    TEXT("problem description"),
	                    TEXT("problem statement"),
	                    TEXT("问题"),
	                    TEXT("问题描述"),
	                    TEXT("问题概述"),
	                    TEXT("问题总结"),
	                    TEXT("问题现象"),
	                    TEXT("現象"),
	                    TEXT("问题摘要"),
	                    TEXT("問題"),
	                    TEXT("문제"),
	                    TEXT("문제점"),
	                    TEXT("문제 요약"),
	                    TEXT("현상"),
	                    TEXT("증상"),
	                    TEXT("問題点"),
	                    TEXT("事象"),
	                    TEXT("問題の概要"),
	                    TEXT("症状") },
	[REPLY_CAUSE] = { TEXT("cause"), TEXT("root cause"), TEXT("reason"),
	                  TEXT("cause summary"), TEXT("root cause analysis"),
	                  TEXT("原因"), TEXT("根因"), TEXT("根本原因"),
	                  TEXT("问题原因"), TEXT("原因分析"), TEXT("根因分析"),
	                  TEXT("故障原因"), TEXT("根源"), TEXT("원인"),
	                  TEXT("근본 원인"), TEXT("문제 원인"),
	                  TEXT("원인 분석"), TEXT("発生原因") },
	[REPLY_CLASS] = { TEXT("class"),        TEXT("classification"),
	                  TEXT("category"),     TEXT("type"),
	                  TEXT("case type"),    TEXT("case class"),
	                  TEXT("problem type"), TEXT("issue type"),
	                  TEXT("label"),        TEXT("分类"),
	                  TEXT("类别"),         TEXT("类型"),
	                  TEXT("问题分类"),     TEXT("问题类型"),
	                  TEXT("案例分类"),     TEXT("案例类型"),
	                  TEXT("分類"),         TEXT("類別"),
	                  TEXT("분류"),         TEXT("유형"),
	                  TEXT("문제 유형"),    TEXT("種別"),
	                  TEXT("カテゴリ"),     TEXT("種類") },
	[REPLY_STEPS] = { TEXT("steps"),
	                  TEXT("resolution"),
	                  TEXT("resolution steps"),
	                  TEXT("solution"),
	                  TEXT("solutions"),
	                  TEXT("fix"),
	                  TEXT("解决"),
	                  TEXT("解决方案"),
	                  TEXT("解决步骤"),
	                  TEXT("解决方法"),
	                  TEXT("处理步骤"),
	                  TEXT("步骤"),
	                  TEXT("處理步驟"),
	                  TEXT("해결"),
	                  TEXT("해결 방법"),
	                  TEXT("해결 단계"),
	                  TEXT("조치"),
	                  TEXT("解決"),
	                  TEXT("解決手順"),
	                  TEXT("解決方法"),
	                  TEXT("解決策"),
	                  TEXT("手順"),
	                  TEXT("対応") },
	[REPLY_SERVICES] = { TEXT("services"), TEXT("service"),
	                     TEXT("products"), TEXT("product"),
	                     TEXT("affected services"), TEXT("服务"),
	                     TEXT("涉及服务"), TEXT("相关服务"), TEXT("产品"),
	                     TEXT("服務"), TEXT("서비스"), TEXT("제품"),
	                     TEXT("サービス"), TEXT("製品") },
	[REPLY_CODES] = { TEXT("codes"), TEXT("error codes"),
	                  TEXT("error code"), TEXT("errors"), TEXT("error"),
	                  TEXT("code"), TEXT("错误码"), TEXT("错误代码"),
	                  TEXT("报错"), TEXT("錯誤碼"), TEXT("오류 코드"),
	                  TEXT("에러 코드"), TEXT("エラーコード"),
	                  TEXT("エラー") },
	[REPLY_TITLES] = { TEXT("titles"), TEXT("title"), TEXT("questions"),
	                   TEXT("question titles"), TEXT("标题"), TEXT("標題"),
	                   TEXT("제목"), TEXT("질문"), TEXT("タイトル"),
	                   TEXT("質問") },
};

bool reply_field_read(struct slice name, enum reply_field *out)
{
	size_t i, count;

	for (i = 0; i < REPLY_FIELDS; i++) {
		for (count = 0; count < NAMES && names[i][count].len; count++)
			;
		if (same_name_find(name, names[i], count) < count) {
			*out = (enum reply_field)i;
			return true;
		}
	}
	return false;
}
